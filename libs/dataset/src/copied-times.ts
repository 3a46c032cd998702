/** Fewer clips may well have been taken together. */
const fewest = 100;
/** So many clips of traps are not taken within so many milliseconds, but copied. */
const shortest = 15 * 60_000;

/**
 * Whether files' modification times look as if copying had set them, so that they say nothing of when clips were taken: of a
 * hundred files and more, all lie within a quarter of an hour, or half of them share theirs with another.
 * @param times milliseconds, of the files there are
 * @returns a sentence for people, or undefined
 */
export function copiedTimes(times: readonly number[]): string | undefined {
  if (times.length < fewest) return undefined;
  const counts = new Map<number, number>();
  let [first, last] = [Infinity, -Infinity];
  for (const time of times) {
    counts.set(time, (counts.get(time) ?? 0) + 1);
    [first, last] = [Math.min(first, time), Math.max(last, time)];
  }
  const shared = [...counts.values()].reduce((sum, count) => sum + (count > 1 ? count : 0), 0);
  const what =
    last - first < shortest
      ? `all ${times.length} files were modified within ${Math.ceil((last - first) / 60_000)} min`
      : shared * 2 >= times.length
        ? `${shared} of ${times.length} files share their modification time with another`
        : undefined;
  return what === undefined
    ? undefined
    : `clips go by their files' modification times, and ${what}, as copies do: give the order with --time-order and a table`;
}
