/** What the native thread is started with: it knows nothing else of the library. */
export interface ThreadSetup {
  /** Path of the shared library. */
  readonly library: string;
  /** C function name to one letter a parameter: `p` pointer or handle, `i` int32, `l` int64 or size_t. All return int, 0 for success. */
  readonly functions: Readonly<Record<string, string>>;
  /** The function that tells the last error's text. */
  readonly lastError: string;
  /** The function that takes a callback for messages, which would go to stdout otherwise. */
  readonly registerLog: string;
}

/** One call. Pointers are addresses of memory that the asking thread keeps alive until the answer. */
export interface CallRequest {
  readonly id: number;
  readonly name: string;
  readonly arguments: readonly (number | bigint)[];
  /** What to copy out of the library's own memory before any other call can overwrite it. */
  readonly reads: readonly ReadRequest[];
}

/** Addresses of what the call fills in: of a pointer, and of the counts (64 bits) that say how much lies behind it. */
export type ReadRequest =
  | { readonly kind: 'text'; readonly pointer: bigint }
  | { readonly kind: 'texts' | 'bytes'; readonly pointer: bigint; readonly count: bigint }
  | { readonly kind: 'floats'; readonly pointer: bigint; readonly shape: bigint; readonly dimensions: bigint };

/** Float32 values that the library gave out, row-major in `shape`. */
export interface Floats {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type ReadAnswer = string | readonly string[] | Uint8Array | Floats;

/** The id of the message that says the library is loaded. */
export const readyId = -1;

/** The answer to the call of the same id; `error` is null when the call succeeded. */
export interface CallAnswer {
  readonly id: number;
  readonly error: string | null;
  readonly reads: readonly ReadAnswer[];
}
