import type { FileTimes } from '@primatrix/families';

/**
 * What the original added to a modification time less the earliest of its dataset: files that are a little older than those
 * of the training have a time, too.
 */
const margin = 1000;

/**
 * Modification times in seconds since the earliest that training knew, and 1,000: `modified_at` of the clip,
 * `<family>_modified_at` of what a family is shown in its place. Small numbers, as tables are float32: they keep each second of
 * 194 days, where seconds since 1970 keep two minutes. NaN where a time is not known, or training knew none.
 * @param files names in {@link FileTimes}
 * @param first the earliest by name, seconds since 1970
 */
export function modifiedColumns(
  files: readonly string[],
  modified: FileTimes,
  first: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    files.map((file) => [
      file === 'clip' ? 'modified_at' : `${file}_modified_at`,
      secondsOf(modified[file]) - (first[file] ?? Number.NaN) + margin,
    ]),
  );
}

/** The earliest modification time of each of the files that any clip has, seconds since 1970. */
export function firstModified(modified: readonly FileTimes[]): Record<string, number> {
  const first: Record<string, number> = {};
  for (const times of modified) {
    for (const [file, time] of Object.entries(times)) {
      first[file] = Math.min(first[file] ?? Infinity, secondsOf(time));
    }
  }
  return first;
}

function secondsOf(time: Date | undefined): number {
  return time === undefined ? Number.NaN : Math.floor(time.getTime() / 1000);
}
