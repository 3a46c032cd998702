import type { Tensor, TensorRef } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import { decodeSafetensors } from './decode-safetensors.ts';
import type { NamedTensors } from './encode-safetensors.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

const restoreHint = 'delete the file and run the stage that made it again';

/**
 * Checks a stored file's length in bytes.
 * @throws TensorError where it is not the one that the reference states
 */
export function verifyLength(ref: TensorRef, got: number, origin: TensorOrigin): void {
  if (got !== ref.bytes) {
    throw new TensorError('TENSOR_CORRUPT', `must be ${ref.bytes} bytes long, got ${got}`, origin, {
      hint: restoreHint,
    });
  }
}

/** The tensor of this name in a stored file's bytes, once these are verified against the reference. */
export function verifiedTensor(ref: TensorRef, name: string, bytes: Uint8Array, origin: TensorOrigin): Tensor {
  verifyLength(ref, bytes.byteLength, origin);
  const sha256 = sha256Bytes(bytes);
  if (sha256 !== ref.sha256) {
    throw new TensorError('TENSOR_CORRUPT', `must have sha256 ${ref.sha256}, got ${sha256}`, origin, {
      hint: restoreHint,
    });
  }
  const tensor = namedTensor(decodeSafetensors(bytes, origin).tensors, name, origin);
  if (tensor.dtype !== ref.dtype) {
    throw new TensorError('TENSOR_DTYPE', `tensor '${name}' must be ${ref.dtype}, got ${tensor.dtype}`, origin);
  }
  if (tensor.shape.length !== ref.shape.length || tensor.shape.some((side, axis) => side !== ref.shape[axis])) {
    throw new TensorError(
      'TENSOR_SHAPE',
      `tensor '${name}' must have shape [${ref.shape.join(', ')}], got [${tensor.shape.join(', ')}]`,
      origin,
    );
  }
  return tensor;
}

/** The tensor of this name, or the only one when no name is asked for. */
export function namedTensor(tensors: NamedTensors, name: string | undefined, origin: TensorOrigin): Tensor {
  const names = Object.keys(tensors);
  const wanted = name ?? (names.length === 1 ? names[0] : undefined);
  const tensor = wanted === undefined ? undefined : tensors[wanted];
  if (tensor === undefined) {
    const rule =
      name === undefined ? 'must hold exactly one tensor when none is named' : `must hold a tensor '${name}'`;
    throw new TensorError('TENSOR_NAME', `${rule}, it holds ${names.length === 0 ? 'none' : names.join(', ')}`, origin);
  }
  return tensor;
}
