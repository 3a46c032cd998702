/** What the native thread is started with: it knows nothing else, so it needs no code of this package. */
export interface ThreadSetup {
  readonly library: string;
  /** C function name to one letter a parameter, see {@link cFunctions}. */
  readonly functions: Readonly<Record<string, string>>;
}

/** One call. Pointers are addresses of memory that the asking thread keeps alive until the answer. */
export interface CallRequest {
  readonly id: number;
  readonly name: string;
  readonly arguments: readonly (number | bigint)[];
}

/** The id of the message that says the library is loaded. */
export const readyId = -1;

/** The answer to the call of the same id; `error` is null when the call succeeded. */
export interface CallAnswer {
  readonly id: number;
  readonly error: string | null;
}
