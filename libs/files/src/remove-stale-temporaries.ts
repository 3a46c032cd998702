import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from './is-running.ts';
import { temporaryOwner, type TemporaryOwner } from './temporary-name.ts';

/** Nobody writes one file for so long: whether another machine's process runs cannot be asked. */
const abandonedMs = 24 * 3_600_000;

/**
 * Removes temporary files and folders below `folder` whose process has ended without doing so (kill -9, power cut).
 * Those of running processes stay, and those of other machines that share the folder, for a day. A folder that is not there is
 * no error, and neither is what may not be removed.
 * @param options.recursive whether folders below are searched too; default true
 * @param options.of only those of this file
 * @returns how many were removed
 */
export async function removeStaleTemporaries(
  folder: string,
  options: { readonly recursive?: boolean; readonly of?: string } = {},
): Promise<number> {
  const entries = await readdir(folder, { recursive: options.recursive ?? true, withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    const owner = temporaryOwner(entry.name);
    if (owner === undefined) continue;
    if (options.of !== undefined && !entry.name.startsWith(`.${options.of}.`)) continue;
    const path = join(entry.parentPath, entry.name);
    if (!(await isAbandoned(path, owner))) continue;
    // Somebody else's, or one that is gone by now, is no reason to stop.
    await rm(path, { recursive: true, force: true }).then(
      () => (removed += 1),
      () => undefined,
    );
  }
  return removed;
}

async function isAbandoned(path: string, { pid, here }: TemporaryOwner): Promise<boolean> {
  if (here) return !isRunning(pid);
  const changed = (await stat(path).catch(() => undefined))?.mtimeMs;
  return changed !== undefined && Date.now() - changed > abandonedMs;
}
