/**
 * The most frames of a clip with which all clips are done in time; the fewest where no choice is. Only what has to be known is asked for:
 * fewer frames never take longer, so halves are left out.
 * @param choices the most frames first
 * @param seconds that there are
 * @param secondsOf what all clips take with so many frames; null: nobody knows, and nothing more is asked
 */
export async function mostFrames(
  choices: readonly number[],
  seconds: number,
  secondsOf: (frames: number) => Promise<number | null>,
): Promise<number> {
  const [most = 0] = choices;
  const takes = await secondsOf(most);
  if (takes === null || takes <= seconds) return most;
  let [low, high] = [1, choices.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const needs = await secondsOf(choices[middle] ?? most);
    if (needs === null) return most;
    if (needs <= seconds) high = middle;
    else low = middle + 1;
  }
  // What the search comes to last was not always asked for.
  const last = choices[high] ?? most;
  await secondsOf(last);
  return last;
}
