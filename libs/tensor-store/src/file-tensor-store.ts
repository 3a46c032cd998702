import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Tensor, TensorRef } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';
import { safetensorsParts } from './encode-safetensors.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';
import { referTo, soleTensorName } from './tensor-store.ts';
import type { GetOptions, PutOptions, TensorStore } from './tensor-store.ts';
import { verifiedTensor, verifyLength } from './verify-tensor.ts';

/**
 * Tensors as safetensors files below one folder. References are relative to that folder
 * (`file:features/vgg16/clip-1.safetensors#data`), so that it can be moved or copied to another machine whole.
 */
export class FileTensorStore implements TensorStore {
  /** Absolute path of the store's folder; it is made when first written to. */
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  async put(tensor: Tensor, options: PutOptions = {}): Promise<TensorRef> {
    return (await this.putAll({ [soleTensorName]: tensor }, options))[soleTensorName];
  }

  async putAll<Name extends string>(tensors: Readonly<Record<Name, Tensor>>, options: PutOptions = {}): Promise<Record<Name, TensorRef>> {
    const { clip } = options;
    const parts = safetensorsParts(tensors, options.metadata ?? {}, { clip, file: options.path });
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    const sha256 = hash.digest('hex');
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);

    const path = options.path ?? `tensors/${sha256.slice(0, 2)}/${sha256}.safetensors`;
    if (!isInside(path)) throw outsideError(path, { clip });
    const file = join(this.root, path);
    try {
      await writeFileAtomic(file, parts);
    } catch (error) {
      throw fileError(error, 'written', { clip, file });
    }
    return referTo(tensors, { uri: uriOfPath(path), sha256, bytes });
  }

  async get(ref: TensorRef, options: GetOptions = {}): Promise<Tensor> {
    const { path, name } = placeOf(ref, options.clip);
    const origin = { clip: options.clip, file: join(this.root, path) };
    return verifiedTensor(ref, name, await readChecked(origin.file, ref, origin), origin);
  }

  async has(ref: TensorRef): Promise<boolean> {
    const { path } = placeOf(ref, undefined);
    const file = join(this.root, path);
    try {
      const found = await stat(file);
      return found.isFile() && found.size === ref.bytes;
    } catch (error) {
      const failure = fileError(error, 'read', { file });
      if (failure.code === 'TENSOR_MISSING') return false;
      throw failure;
    }
  }

  /** Absolute path of the file that a reference points to; it may be missing. */
  fileOf(ref: TensorRef): string {
    return join(this.root, placeOf(ref, undefined).path);
  }
}

/** Reads a file whose length was checked first: a wrong reference must not fill the memory. */
async function readChecked(file: string, ref: TensorRef, origin: TensorOrigin): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      verifyLength(ref, (await handle.stat()).size, origin);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof TensorError ? error : fileError(error, 'read', origin);
  }
}

/** The bytes of a file of which nothing is known beforehand. */
export async function readTensorBytes(file: string, origin: TensorOrigin): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileError(error, 'read', origin);
  }
}

function fileError(error: unknown, action: 'read' | 'written', origin: TensorOrigin): TensorError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (action === 'read' && (reason === 'ENOENT' || reason === 'ENOTDIR')) {
    return new TensorError('TENSOR_MISSING', 'no such file', origin, { cause: error, hint: 'run the stage that makes it' });
  }
  return new TensorError('TENSOR_IO', `cannot be ${action}: ${reason}`, origin, { cause: error });
}

function uriOfPath(path: string): string {
  return `file:${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** File and tensor name of a reference. References come from other processes: none may leave the folder. */
function placeOf(ref: TensorRef, clip: string | undefined): { path: string; name: string } {
  const origin = { clip, file: ref.uri };
  const match = /^file:([^#?]*)#(.+)$/.exec(ref.uri);
  let path: string;
  let name: string;
  try {
    path = decodeURIComponent(match?.[1] ?? '');
    name = decodeURIComponent(match?.[2] ?? '');
  } catch (error) {
    throw new TensorError('TENSOR_REF', 'the reference holds broken %-escapes', origin, { cause: error });
  }
  if (match === null) throw new TensorError('TENSOR_REF', "a file store's reference must read file:<path>#<tensor>", origin);
  if (!isInside(path)) throw outsideError(path, origin);
  return { path, name };
}

/** Whether a path is relative and plain: no empty, `.` or `..` part, and nothing that this system takes for a separator. */
function isInside(path: string): boolean {
  const forbidden = sep === '/' ? /\0/ : /[\0\\:]/;
  return !forbidden.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function outsideError(path: string, origin: TensorOrigin): TensorError {
  return new TensorError('TENSOR_REF', `the path must stay within the store, with '/' between its parts, got '${path}'`, origin);
}
