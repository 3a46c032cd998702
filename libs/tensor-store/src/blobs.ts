import type { TensorOrigin } from './tensor-error.ts';

/** What is known of a file before it is written. */
interface BlobFacts {
  readonly sha256: string;
  readonly bytes: number;
  /** Whether it must outlive a power cut; what is made again when it is spoilt need not. */
  readonly lasting: boolean;
}

/**
 * A place that keeps files by path, `/` between folders, and knows nothing of tensors. Paths are relative and plain:
 * {@link BlobTensorStore} checks them. Errors are TensorErrors that name the origin.
 */
export interface Blobs {
  /** What references to it begin with. */
  readonly scheme: 'file' | 's3' | 'nats-object';
  /** What messages call the file at this path. */
  nameOf(path: string): string;
  /** Writes a file whole or not at all, and replaces what was there. @throws TensorError TENSOR_IO */
  write(path: string, parts: readonly Uint8Array[], facts: BlobFacts, origin: TensorOrigin): Promise<void>;
  /**
   * Reads a file, after `check` has been told its length and did not throw: a wrong reference must not fill the memory.
   * @throws TensorError TENSOR_MISSING, TENSOR_IO
   */
  read(path: string, check: (bytes: number) => void, origin: TensorOrigin): Promise<Uint8Array>;
  /** Every file below a folder, in any order. @throws TensorError TENSOR_IO */
  list(under: string): AsyncIterable<{ readonly path: string; readonly bytes: number; readonly modifiedAt: Date }>;
  /** Removes a file; one that is not there is no error. @throws TensorError TENSOR_IO */
  remove(path: string): Promise<void>;
  /** Bytes of a file, undefined where there is none. @throws TensorError TENSOR_IO */
  size(path: string): Promise<number | undefined>;
}
