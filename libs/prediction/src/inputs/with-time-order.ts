import { stat } from 'node:fs/promises';
import { copiedTimes, readTimeOrder } from '@primatrix/dataset';
import type { BundleManifest } from '../bundle/bundle-manifest.ts';
import type { InputFile } from './list-inputs.ts';

/**
 * Says of each file what puts it before and after others.
 * @param asked `modified` for the files' modification times, or a table with `filename` and `captured_at`
 * @param say is told what of files and table does not belong together, and of times that copying seems to have set
 * @throws DatasetError where the table breaks a rule, has no times, or names none of the files
 */
export async function withTimeOrder(
  files: readonly InputFile[],
  asked: string,
  say?: (sentence: string) => void,
): Promise<InputFile[]> {
  const { order, unmatched } = await readTimeOrder(
    asked,
    files.map(({ filename }) => filename),
  );
  for (const sentence of unmatched) say?.(sentence);
  if (order.by === 'table') {
    return files.map((file) => ({ ...file, orderedAt: order.times.get(file.filename) ?? null }));
  }
  const times = await modifiedAt(files);
  const copied = copiedTimes(times.flatMap((time) => (time === null ? [] : [time.getTime()])));
  if (copied !== undefined) say?.(copied);
  return files.map((file, i) => ({ ...file, orderedAt: times[i] ?? null }));
}

/**
 * A sentence for people where a bundle goes by modification times that copying seems to have set; else undefined.
 * @param neighbours of the bundle; absent: nothing is ordered
 */
export async function doubtfulTimes(
  files: readonly InputFile[],
  neighbours: Pick<BundleManifest['neighbours'], 'order' | 'times' | 'nets'> | undefined,
): Promise<string | undefined> {
  if (neighbours === undefined || neighbours.nets.length === 0) return undefined;
  if ((neighbours.times ?? (neighbours.order === 'site' ? 'captured' : 'modified')) === 'captured') return undefined;
  const unordered = files.filter(({ orderedAt }) => orderedAt === undefined);
  const times = await modifiedAt(unordered);
  return copiedTimes(times.flatMap((time) => (time === null ? [] : [time.getTime()])));
}

/** Modification times of files; null where there is none. */
function modifiedAt(files: readonly Pick<InputFile, 'path'>[]): Promise<(Date | null)[]> {
  return Promise.all(files.map(async ({ path }) => (await stat(path).catch(() => null))?.mtime ?? null));
}
