import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from './is-running.ts';

/** `.<name>.<process id>[-<number>].tmp`, as `withAtomicFile` and folders made beside their place are called. */
const temporaryPattern = /^\..+\.(\d+)(?:-\d+)?\.tmp$/;

/**
 * Removes temporary files and folders below `folder` whose process has ended without doing so (kill -9, power cut).
 * Those of running processes stay. A folder that is not there is no error.
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
    const pid = temporaryPattern.exec(entry.name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    if (options.of !== undefined && !entry.name.startsWith(`.${options.of}.`)) continue;
    await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
