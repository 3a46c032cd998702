import type { Tensor, TensorRef } from '@primatrix/contracts';
import type { NamedTensors, TensorMetadata } from './encode-safetensors.ts';

/** How to store tensors. */
export interface PutOptions {
  /** Place within the store, `/` between folders; default: a name made of the content's sha256. */
  readonly path?: string;
  /** Free text to keep beside the tensors. It is part of the bytes, so no times and no host names. */
  readonly metadata?: TensorMetadata;
  /** Clip that the tensors belong to, for error messages. */
  readonly clip?: string;
}

/** How to read a tensor. */
export interface GetOptions {
  /** Clip that the tensor belongs to, for error messages. */
  readonly clip?: string;
}

/** What to remove. */
export interface PruneOptions {
  /** Files that were last written before this go. */
  readonly before: Date;
  /** Only says what would go; default false. */
  readonly dryRun?: boolean;
}

/** A file that was removed, or would be. */
export interface PrunedFile {
  /** Path or address. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * A place that keeps tensors and gives references to them. Every implementation passes
 * {@link tensorStoreConformance} (`@primatrix/tensor-store/conformance`).
 */
export interface TensorStore {
  /** Stores one tensor, named `data`, in a file of its own. Doing so twice changes nothing. */
  put(tensor: Tensor, options?: PutOptions): Promise<TensorRef>;
  /** Stores named tensors in one file; a reference each. All hold the digest and length of the whole file. */
  putAll<Name extends string>(
    tensors: Readonly<Record<Name, Tensor>>,
    options?: PutOptions,
  ): Promise<Record<Name, TensorRef>>;
  /**
   * Reads a tensor and verifies length, sha256, dtype and shape against its reference.
   * @throws TensorError with a code of {@link tensorErrorCodes}; it names the clip, when given, and the file
   */
  get(ref: TensorRef, options?: GetOptions): Promise<Tensor>;
  /** Whether something of the right length lies where the reference points; the content is not read. */
  has(ref: TensorRef): Promise<boolean>;
  /**
   * Removes tensors that have no name but their content's and are older, and tells each: whoever still refers to one finds it
   * missing and has it made again. What was stored at a path of its own stays.
   * @throws TensorError TENSOR_IO
   */
  prune(options: PruneOptions): AsyncIterable<PrunedFile>;
}

/** Name of the tensor in a file that holds only one. */
export const soleTensorName = 'data';

/** The references of tensors that were stored in one file. */
export function referTo<Name extends string>(
  tensors: Readonly<Record<Name, Tensor>> & NamedTensors,
  file: { readonly uri: string; readonly sha256: string; readonly bytes: number },
): Record<Name, TensorRef> {
  const refs = Object.entries<Tensor>(tensors).map(([name, { dtype, shape }]) => {
    const uri = `${file.uri}#${encodeURIComponent(name)}`;
    return [name, { uri, dtype, shape: [...shape], sha256: file.sha256, bytes: file.bytes }] as const;
  });
  return Object.fromEntries(refs) as Record<Name, TensorRef>;
}
