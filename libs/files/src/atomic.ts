import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

let counter = 0;

function temporaryName(path: string): string {
  // Hidden and beside the target: a rename is only atomic within one file system.
  return join(dirname(path), `.${basename(path)}.${process.pid}-${counter++}.tmp`);
}

/**
 * Lets `write` fill a temporary file, then renames it to `path`: readers see the old file or the whole new
 * one, never a part. The data is synced first, so a power cut cannot leave an empty file under the name.
 * Missing folders are made. If `write` throws, the temporary file is removed and `path` is untouched.
 */
export async function withAtomicFile<T>(path: string, write: (temporaryPath: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
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

/**
 * {@link withAtomicFile} for content that is already in memory.
 * @param options.synced false where a power cut may spoil the file, because whoever reads it checks its digest and has it made again
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array | readonly Uint8Array[], { synced = true }: { readonly synced?: boolean } = {}): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const handle = await openForWriting(temporary);
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
      else await writeParts(handle, content);
      if (synced) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Folders are made where they are missing, and not asked for each time. */
async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'w');
  }
}

async function writeParts(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = parts.filter((part) => part.byteLength > 0);
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left);
    // Less than all of it goes out where a disk fills up, and of more than 2 GiB.
    left = left.flatMap((part) => {
      const done = Math.min(bytesWritten, part.byteLength);
      bytesWritten -= done;
      return done === part.byteLength ? [] : [part.subarray(done)];
    });
  }
}
