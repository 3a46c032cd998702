import type { DType, DTypeArrays } from '@primatrix/contracts';

/** How one element type lies in a safetensors file and in memory. */
export interface ElementType {
  /** The type's name in a safetensors header. */
  readonly tag: string;
  readonly bytes: number;
  /** A typed array over part of a buffer; the offset must be a multiple of `bytes`. */
  readonly view: (buffer: ArrayBufferLike, offset: number, length: number) => DTypeArrays[DType];
  readonly holds: (data: unknown) => boolean;
}

type ArrayClass = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): DTypeArrays[DType];
};

function elementType(tag: string, arrayClass: ArrayClass): ElementType {
  return {
    tag,
    bytes: arrayClass.BYTES_PER_ELEMENT,
    view: (buffer, offset, length) => new arrayClass(buffer, offset, length),
    holds: (data) => data instanceof arrayClass,
  };
}

/** Every element type; typed arrays are little-endian on every machine that Node's numeric engines run on. */
export const elementTypes: Readonly<Record<DType, ElementType>> = {
  float32: elementType('F32', Float32Array),
  float16: elementType('F16', Uint16Array),
  float64: elementType('F64', Float64Array),
  uint8: elementType('U8', Uint8Array),
  int8: elementType('I8', Int8Array),
  uint16: elementType('U16', Uint16Array),
  int16: elementType('I16', Int16Array),
  int32: elementType('I32', Int32Array),
  int64: elementType('I64', BigInt64Array),
  bool: elementType('BOOL', Uint8Array),
};

/** The element type that a safetensors header names; undefined for one that is not supported, as BF16. */
export const dtypeOfTag: ReadonlyMap<string, DType> = new Map(
  Object.entries(elementTypes).map(([dtype, { tag }]) => [tag, dtype as DType]),
);
