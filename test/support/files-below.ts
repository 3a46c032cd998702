import { readdir, readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';

/** All files below a folder, hidden ones included, relative and sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** sha256 of every file below a folder, by its relative name. */
export async function digestsBelow(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const name of await filesBelow(folder)) {
    digests[name] = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  }
  return digests;
}

/** When each file below a folder was written, in nanoseconds: shows which of them were made again. */
export async function timesBelow(folder: string): Promise<Record<string, bigint>> {
  const times: Record<string, bigint> = {};
  for (const name of await filesBelow(folder)) times[name] = (await stat(join(folder, name), { bigint: true })).mtimeNs;
  return times;
}

/** Files that interrupted work leaves and finished work does not: temporary ones, journals and checkpoints. */
export function leftovers(names: readonly string[]): string[] {
  return names.filter((name) => /\.tmp$|journal|checkpoint/.test(name));
}
