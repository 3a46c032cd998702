import { basename, dirname } from 'node:path';
import type { Tensor, TensorRef } from '@primatrix/contracts';
import { decodeSafetensors } from './decode-safetensors.ts';
import type { TensorMetadata } from './encode-safetensors.ts';
import { FileTensorStore, readTensorBytes } from './file-tensor-store.ts';
import type { TensorOrigin } from './tensor-error.ts';
import { namedTensor } from './verify-tensor.ts';

/**
 * Reads one tensor of a safetensors file without a reference: well-formedness is checked, a digest is not.
 * @param name the tensor's name; may be left out when the file holds only one
 * @throws TensorError
 */
export async function readTensorFile(
  path: string,
  name?: string,
  origin: Omit<TensorOrigin, 'file'> = {},
): Promise<Tensor> {
  const from = { ...origin, file: path };
  return namedTensor(decodeSafetensors(await readTensorBytes(path, from), from).tensors, name, from);
}

/**
 * Writes tensors to one safetensors file, whole or not at all. The references are relative to the file's own
 * folder: `new FileTensorStore(dirname(path))` follows them, wherever the folder is moved to.
 * @throws TensorError
 */
export async function writeTensorFile<Name extends string>(
  path: string,
  tensors: Readonly<Record<Name, Tensor>>,
  metadata: TensorMetadata = {},
): Promise<Record<Name, TensorRef>> {
  return new FileTensorStore(dirname(path)).putAll(tensors, { path: basename(path), metadata });
}
