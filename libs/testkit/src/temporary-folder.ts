import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone when its scope ends. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute path. */
  readonly path: string;
  /** An absolute path inside the folder; nothing is made. */
  join(...parts: string[]): string;
  /** Removes the folder and all in it; doing so twice is harmless. */
  remove(): Promise<void>;
}

/** Makes an empty folder of its own: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder(prefix = 'primatrix-'): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  // Retries: a process that was just killed may still be closing files in it.
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  return { path, join: (...parts) => join(path, ...parts), remove, [Symbol.asyncDispose]: remove };
}
