import { z } from 'zod';

/** Element types a tensor may have; names as numpy's. */
export const dtypes = [
  'float32',
  'float16',
  'float64',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'bool',
] as const;
/** One of {@link dtypes}. */
export type DType = (typeof dtypes)[number];

/** float16 is kept as its raw 16 bits; bool as one byte, 0 or 1. */
export interface DTypeArrays {
  float32: Float32Array;
  float16: Uint16Array;
  float64: Float64Array;
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

/** A dense tensor in memory, row-major. `data.length` is the product of `shape`. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DTypeArrays[D];
}

/** Where a stored tensor lies and what it must be. Readers verify length, sha256, dtype and shape. */
export const tensorRefSchema = z.object({
  uri: z.string().regex(/^(file|s3|nats-object):/),
  dtype: z.enum(dtypes),
  shape: z.array(z.int().nonnegative()),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});
/** What {@link tensorRefSchema} reads: address, element type, shape, sha256 and bytes of a stored tensor. */
export type TensorRef = z.infer<typeof tensorRefSchema>;
