import { stat } from 'node:fs/promises';
import type { FileTimes } from '@primatrix/families';
import { standInPath } from '../features/stand-ins.ts';
import { familySet, type Training } from '../plan/training.ts';

/** Modification times of the clips' files, milliseconds by file name; those that are not there are left out. */
export async function modificationTimes({ dataset }: Pick<Training, 'dataset'>): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { filename, path } of dataset.clips) {
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined) times.set(filename, info.mtimeMs);
  }
  return times;
}

/**
 * The file times that are to become columns, by file name, where the metadata family's settings name any; else undefined. What a
 * table orders clips by counts as their modification times.
 */
export async function fileTimes(training: Training): Promise<ReadonlyMap<string, FileTimes> | undefined> {
  const { dataset, profile, timeOrder, standIns } = training;
  const { modified: files } = familySet(training.families, profile).metadata.settings?.[profile] ?? {};
  if (files === undefined) return undefined;
  const own = timeOrder?.by === 'table' ? timeOrder.times : await modificationTimes(training);
  const times = new Map<string, FileTimes>();
  for (const { filename } of dataset.clips) {
    const found: Record<string, Date> = {};
    const clip = own.get(filename);
    if (clip !== undefined) found['clip'] = new Date(clip);
    for (const [family, folder] of standIns ?? []) {
      const info = files.includes(family)
        ? await stat(standInPath(folder, filename)).catch(() => undefined)
        : undefined;
      if (info !== undefined) found[family] = info.mtime;
    }
    times.set(filename, found);
  }
  return times;
}
