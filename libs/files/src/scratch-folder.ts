import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStaleTemporaries } from './remove-stale-temporaries.ts';
import { temporaryName } from './temporary-name.ts';

/** A folder in the system's temporary folder, gone when its scope ends. */
export interface ScratchFolder extends AsyncDisposable {
  /** Absolute path. */
  readonly path: string;
}

/** Purposes whose folders of ended processes this process has removed already. */
const swept = new Set<string>();

/**
 * Makes an empty folder that nobody else may read: `await using folder = await scratchFolder('primatrix-sound')`. What processes
 * that were killed have left of the same purpose goes before, once a process.
 * @param purpose begins its name, and is the program's own
 * @throws the file system's error where it cannot be made
 */
export async function scratchFolder(purpose: string): Promise<ScratchFolder> {
  if (!swept.has(purpose)) {
    swept.add(purpose);
    await removeStaleTemporaries(tmpdir(), { recursive: false, of: purpose });
  }
  const path = temporaryName(join(tmpdir(), purpose));
  // Fails where somebody was there before: everybody may write to the system's temporary folder.
  await mkdir(path, { mode: 0o700 });
  const remove = () => rm(path, { recursive: true, force: true });
  return { path, [Symbol.asyncDispose]: remove };
}
