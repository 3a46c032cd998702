import type { Tensor } from '@primatrix/contracts';
import { elementTypes } from './element-type.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Free text beside the tensors, as the format has it. */
export type TensorMetadata = Readonly<Record<string, string>>;

const loneSurrogate = /\p{Surrogate}/u;

/**
 * A safetensors file in memory, for numpy and Hugging Face to read too. The same tensors and metadata give
 * the same bytes whatever their order: wide elements come first (so that every tensor is aligned), then by name.
 * @throws TensorError TENSOR_SHAPE, TENSOR_DTYPE or TENSOR_NAME when a tensor contradicts itself
 */
export function encodeSafetensors(tensors: NamedTensors, metadata: TensorMetadata = {}): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** {@link encodeSafetensors} without copying the data: header, then one view a tensor. */
export function safetensorsParts(
  tensors: NamedTensors,
  metadata: TensorMetadata,
  origin: TensorOrigin = {},
): Uint8Array[] {
  const entries = Object.entries(tensors);
  for (const [name, tensor] of entries) checkTensor(name, tensor, origin);
  entries.sort(([a, x], [b, y]) => elementTypes[y.dtype].bytes - elementTypes[x.dtype].bytes || (a < b ? -1 : 1));

  // Written member by member: an object would move names that look like numbers to the front.
  const members: string[] = [];
  const member = (name: string, value: unknown) => members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const notes = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (notes.length > 0) {
    members.push(
      `"__metadata__":{${notes.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`).join(',')}}`,
    );
  }
  const data: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of entries) {
    const start = end;
    end += tensor.data.byteLength;
    member(name, { dtype: elementTypes[tensor.dtype].tag, shape: tensor.shape, data_offsets: [start, end] });
    data.push(new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
  }

  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return [header, ...data];
}

function checkTensor(name: string, tensor: Tensor, origin: TensorOrigin): void {
  if (name === '' || name === '__metadata__' || loneSurrogate.test(name)) {
    throw new TensorError(
      'TENSOR_NAME',
      `a tensor's name must be well-formed text other than '' and '__metadata__', got '${name}'`,
      origin,
    );
  }
  const type = elementTypes[tensor.dtype] as (typeof elementTypes)[Tensor['dtype']] | undefined;
  if (type === undefined || !type.holds(tensor.data)) {
    throw new TensorError(
      'TENSOR_DTYPE',
      `tensor '${name}' of dtype ${String(tensor.dtype)} must hold the array of that dtype, got ${tensor.data.constructor.name}`,
      origin,
    );
  }
  const elements = elementsOf(tensor.shape);
  if (elements === undefined || elements !== tensor.data.length) {
    throw new TensorError(
      'TENSOR_SHAPE',
      `tensor '${name}' of shape [${tensor.shape.join(', ')}] must hold ${elements ?? 'a countable number of'} elements, got ${tensor.data.length}`,
      origin,
    );
  }
}

/** How many elements a shape holds, 1 for []; undefined when it is no shape (negative, broken or too large). */
export function elementsOf(shape: readonly number[]): number | undefined {
  let elements = 1;
  for (const side of shape) {
    if (!Number.isSafeInteger(side) || side < 0) return undefined;
    elements *= side;
    if (elements > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return elements;
}
