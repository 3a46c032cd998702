import { PrimatrixError } from '@primatrix/contracts';
import type { ErrorFields } from '@primatrix/contracts';

/** Why a tensor could not be stored or read. A closed list: callers match on it. */
export const tensorErrorCodes = [
  'TENSOR_MISSING', // no such file or object
  'TENSOR_IO', // the operating system refuses to read or write it
  'TENSOR_CORRUPT', // wrong length, wrong digest, or not a well-formed safetensors file
  'TENSOR_DTYPE', // an element type other than the expected one, or one that is not supported
  'TENSOR_SHAPE', // another shape than expected, or data that do not fill it
  'TENSOR_NAME', // the file holds no tensor of this name, or the name cannot be stored
  'TENSOR_REF', // a reference that this store cannot follow, or that leaves its folder
] as const;
/** One of {@link tensorErrorCodes}. */
export type TensorErrorCode = (typeof tensorErrorCodes)[number];

/** Where a tensor comes from, for the message: any part may be unknown. */
export interface TensorOrigin {
  /** Clip file name or id. */
  readonly clip?: string | undefined;
  /** File path or reference URI. */
  readonly file?: string | undefined;
}

/** A tensor that cannot be stored or read; `fields` hold `clip` and `file` where they are known. */
export class TensorError extends PrimatrixError {
  declare readonly code: TensorErrorCode;

  /** @param rule which rule was broken and what was got; the origin is put before it */
  constructor(
    code: TensorErrorCode,
    rule: string,
    origin: TensorOrigin = {},
    options: ErrorOptions & { fields?: ErrorFields; hint?: string } = {},
  ) {
    const where = [origin.file, origin.clip === undefined ? undefined : `clip ${origin.clip}`].filter(
      (part) => part !== undefined,
    );
    super(code, `tensor-store: ${where.length > 0 ? `${where.join(', ')}: ` : ''}${rule}`, {
      ...options,
      fields: { clip: origin.clip ?? null, file: origin.file ?? null, ...options.fields },
    });
  }
}
