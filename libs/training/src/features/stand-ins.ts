import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { knownDigest } from '@primatrix/files';
import type { Training } from '../plan/training.ts';

/** A ready clip that a family looks at in place of the dataset's. */
export interface StandIn {
  readonly path: string;
  /** Null where there is no such file: the family then has no features of the clip. */
  readonly sha256: string | null;
}

/** Where the ready clip of a clip lies: under the same name. */
export function standInPath(folder: string, filename: string): string {
  return join(folder, filename);
}

/**
 * The ready clips of a family by file name; undefined where it looks at the dataset's own.
 * @param filenames of which clips; default: all
 */
export async function standInsOf(
  { dataset, standIns }: Training,
  family: string,
  filenames: readonly string[] = dataset.clips.map(({ filename }) => filename),
): Promise<ReadonlyMap<string, StandIn> | undefined> {
  const folder = standIns?.get(family);
  if (folder === undefined) return undefined;
  const found = new Map<string, StandIn>();
  for (const filename of filenames) {
    const path = standInPath(folder, filename);
    found.set(filename, { path, sha256: await knownDigest(path).catch(() => null) });
  }
  return found;
}

/** Names and sizes of a family's ready clips, as a dataset's digest has those of its clips; undefined where there are none. */
export async function standInSizes(
  { dataset, standIns }: Training,
  family: string,
): Promise<readonly (readonly [filename: string, bytes: number])[] | undefined> {
  const folder = standIns?.get(family);
  if (folder === undefined) return undefined;
  const sizes: [string, number][] = [];
  for (const { filename } of dataset.clips) {
    const info = await stat(standInPath(folder, filename)).catch(() => undefined);
    if (info?.isFile() === true) sizes.push([filename, info.size]);
  }
  return sizes;
}
