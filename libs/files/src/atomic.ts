import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { temporaryName } from './temporary-name.ts';

/**
 * Lets `write` fill a temporary file, then renames it to `path`: readers see the old file or the whole new
 * one, never a part. The data is synced first, so a power cut cannot leave an empty file under the name.
 * Missing folders are made. If `write` throws, the temporary file is removed and `path` is untouched.
 */
export async function withAtomicFile<T>(path: string, write: (temporaryPath: string) => Promise<T>): Promise<T> {
  await makeFolder(dirname(path));
  const temporary = temporaryName(path);
  try {
    const result = await write(temporary);
    const handle = await open(temporary, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** {@link withAtomicFile} for content that is already in memory. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  await withAtomicFile(path, async (temporary) => {
    const handle = await open(temporary, 'w');
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
      else for (const part of content) await handle.writeFile(part);
    } finally {
      await handle.close();
    }
  });
}

/**
 * {@link writeFileAtomic} for files whose readers check their digest and have them made again: they are not synced, so a power
 * cut may spoil them. Meant for small ones, up to some hundred kB: it does not wait for the thread pool, whose turns
 * would cost more than writing does.
 */
export function writeFileUnsynced(path: string, parts: readonly Uint8Array[]): void {
  const temporary = temporaryName(path);
  try {
    const file = openMakingFolders(temporary);
    try {
      // Less than all of it goes out where a disk fills up.
      for (let left = Buffer.concat(parts); left.length > 0;) left = left.subarray(writeSync(file, left));
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Folders are made where they are missing, and not asked for each time. */
function openMakingFolders(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'w');
  }
}
