import type { NativeThread } from './native-thread.ts';

/** Owns a pointer that the library gave out: freed once, never while a call uses it, never used afterwards. */
export class NativeHandle<Name extends string = string> {
  readonly thread: NativeThread<Name>;
  readonly #what: string;
  readonly #pointer: bigint;
  readonly #free: Name;
  #uses = 0;
  #disposed = false;

  /** `what`: the word for it in errors. `free`: the C function that frees it. */
  constructor(thread: NativeThread<Name>, what: string, pointer: bigint, free: Name) {
    this.thread = thread;
    this.#what = what;
    this.#pointer = pointer;
    this.#free = free;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * Asked before each use.
   * @throws the binding's error if the handle is gone
   */
  assertUsable(): void {
    if (this.#disposed) throw this.thread.errors.disposed(this.#what);
  }

  /** Runs `work` with the pointer; a dispose() meanwhile waits for its end. */
  async use<T>(work: (pointer: bigint, thread: NativeThread<Name>) => Promise<T>): Promise<T> {
    this.assertUsable();
    this.#uses++;
    try {
      return await work(this.#pointer, this.thread);
    } finally {
      this.#uses--;
      this.#freeIfUnused();
    }
  }

  /** Runs `work`, which makes the thing ready for others; frees it if that fails. */
  async prepare<T>(work: (pointer: bigint, thread: NativeThread<Name>) => Promise<T>): Promise<T> {
    try {
      return await this.use(work);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Runs `work`, the only one the thing was made for, and frees it. */
  async useOnce<T>(work: (pointer: bigint, thread: NativeThread<Name>) => Promise<T>): Promise<T> {
    try {
      return await this.use(work);
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#freeIfUnused();
  }

  #freeIfUnused(): void {
    if (!this.#disposed || this.#uses > 0) return;
    // Freeing fails only if the thread has ended, and then the memory has gone with it.
    this.thread.call(this.#free, this.#pointer).catch(() => undefined);
  }
}

/** Runs `work` with the pointers of all handles, while none of them can be freed. */
export function useAll<Name extends string, T>(
  handles: readonly NativeHandle<Name>[],
  work: (pointers: readonly bigint[]) => Promise<T>,
): Promise<T> {
  const hold = (index: number, pointers: readonly bigint[]): Promise<T> => {
    const next = handles[index];
    return next === undefined ? work(pointers) : next.use((pointer) => hold(index + 1, [...pointers, pointer]));
  };
  return hold(0, []);
}
