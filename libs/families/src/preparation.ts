/** How far a preparation is. */
export interface PreparationProgress {
  /** What is made ready: {@link Preparation.name}. */
  readonly name: string;
  /** Share of the expected time, 0 to 1. */
  readonly fraction: number;
  /** What was done last, for people; may be empty. */
  readonly note: string;
}

/** How a preparation is watched and ended. */
export interface PreparationOptions {
  /** Aborted: the work stops and leaves nothing half done; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called while there is work to do; never where all is ready. */
  readonly onProgress?: (progress: PreparationProgress) => void;
}

/** What a family needs on a machine and its packages do not bring ready to use, such as a native library that is compiled once. */
export interface Preparation {
  /** One word for people, for example `lightgbm`. */
  readonly name: string;
  /**
   * Why this machine cannot have it, in a sentence for people; undefined where it can. Quick: nothing is made.
   * @throws UsageError where a setting names what does not exist
   */
  missing(): Promise<string | undefined>;
  /**
   * Makes it where it is not there yet, and finds it where it is.
   * @returns where it lies
   * @throws an error with a hint where it cannot be made on this machine
   */
  run(options?: PreparationOptions): Promise<string>;
}

/**
 * Prepares families one after the other; one that needs nothing costs nothing. A family that is not prepared does the same
 * work, in silence, when it is first used.
 * @throws what {@link Preparation.run} throws
 */
export async function prepareFamilies(
  families: Iterable<{ readonly preparation?: Preparation }>,
  options: PreparationOptions = {},
): Promise<void> {
  for (const { preparation } of families) await preparation?.run(options);
}

/** Families that a machine can run, and why it cannot run the others. */
export interface RunnableFamilies<F> {
  readonly families: F[];
  /** Reasons in a sentence, by family. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/**
 * Sorts out the families whose native library this machine does not have and cannot make: work goes on without them
 * where it can, and says so.
 * @throws what {@link Preparation.missing} throws
 */
export async function runnableFamilies<F extends { readonly name: string; readonly preparation?: Preparation }>(
  families: Iterable<F>,
): Promise<RunnableFamilies<F>> {
  const runnable: F[] = [];
  const leftOut = new Map<string, string>();
  for (const family of families) {
    const reason = await family.preparation?.missing();
    if (reason === undefined) runnable.push(family);
    else leftOut.set(family.name, reason);
  }
  return { families: runnable, leftOut };
}
