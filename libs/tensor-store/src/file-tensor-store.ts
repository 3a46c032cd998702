import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TensorRef } from '@primatrix/contracts';
import { writeFileAtomic, writeFileUnsynced } from '@primatrix/files';
import { BlobTensorStore } from './blob-tensor-store.ts';
import type { Blobs } from './blobs.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

/**
 * Tensors as safetensors files below one folder. References are relative to that folder
 * (`file:features/vgg16/clip-1.safetensors#data`), so that it can be moved or copied to another machine whole.
 */
export class FileTensorStore extends BlobTensorStore {
  /** Absolute path of the store's folder; it is made when first written to. */
  readonly root: string;

  constructor(root: string) {
    const folder = resolve(root);
    super(fileBlobs(folder));
    this.root = folder;
  }

  /** Absolute path of the file that a reference points to; it may be missing. */
  fileOf(ref: TensorRef): string {
    return join(this.root, this.placeOf(ref, undefined).path);
  }
}

/** Files up to this are read and written at once: a turn of the thread pool costs more than they do. */
const smallBytes = 256 * 1024;

function fileBlobs(root: string): Blobs {
  const at = (path: string) => join(root, path);
  return {
    scheme: 'file',
    nameOf: at,
    async write(path, parts, { bytes, lasting }, origin) {
      try {
        if (lasting || bytes > smallBytes) await writeFileAtomic(at(path), parts);
        else writeFileUnsynced(at(path), parts);
      } catch (error) {
        throw fileError(error, 'written', origin);
      }
    },
    async read(path, check, origin) {
      try {
        const file = openSync(at(path), 'r');
        try {
          const { size } = fstatSync(file);
          check(size);
          return size > smallBytes ? await readFile(at(path)) : readWhole(file, size);
        } finally {
          closeSync(file);
        }
      } catch (error) {
        throw error instanceof TensorError ? error : fileError(error, 'read', origin);
      }
    },
    async *list(under) {
      const folder = at(under);
      try {
        // One folder after the other: there may be millions of files in all of them together.
        for (const { name } of await foldersIn(folder)) {
          for (const file of await readdir(join(folder, name))) {
            const found = await stat(join(folder, name, file)).catch(() => undefined);
            // Somebody else removed it, or renamed it.
            if (found?.isFile() === true) {
              yield { path: `${under}/${name}/${file}`, bytes: found.size, modifiedAt: found.mtime };
            }
          }
        }
      } catch (error) {
        throw fileError(error, 'listed', { file: folder });
      }
    },
    async remove(path) {
      try {
        await rm(at(path), { force: true });
      } catch (error) {
        throw fileError(error, 'removed', { file: at(path) });
      }
    },
    async size(path) {
      try {
        const found = await stat(at(path));
        return found.isFile() ? found.size : undefined;
      } catch (error) {
        const failure = fileError(error, 'read', { file: at(path) });
        if (failure.code === 'TENSOR_MISSING') return undefined;
        throw failure;
      }
    },
  };
}

async function foldersIn(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  } catch (error) {
    // Nothing was stored yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** An open file's bytes; fewer than `size` where it was cut meanwhile. */
function readWhole(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  for (let got = -1; filled < size && got !== 0; filled += got) {
    got = readSync(file, bytes, filled, size - filled, null);
  }
  return bytes.subarray(0, filled);
}

/** The bytes of a file of which nothing is known beforehand. */
export async function readTensorBytes(file: string, origin: TensorOrigin): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileError(error, 'read', origin);
  }
}

function fileError(
  error: unknown,
  action: 'read' | 'written' | 'listed' | 'removed',
  origin: TensorOrigin,
): TensorError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (action === 'read' && (reason === 'ENOENT' || reason === 'ENOTDIR')) {
    return new TensorError('TENSOR_MISSING', 'no such file', origin, {
      cause: error,
      hint: 'run the stage that makes it',
    });
  }
  return new TensorError('TENSOR_IO', `cannot be ${action}: ${reason}`, origin, { cause: error });
}
