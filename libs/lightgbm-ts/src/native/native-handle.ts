import { LightgbmDisposedError } from '../errors.ts';
import type { CFunction } from './c-api.ts';
import type { NativeThread } from './native-thread.ts';

/** Owns a pointer that LightGBM gave out: freed once, never while a call uses it, never used afterwards. */
export class NativeHandle {
  readonly thread: NativeThread;
  readonly #what: string;
  readonly #pointer: bigint;
  readonly #free: CFunction;
  #uses = 0;
  #disposed = false;

  constructor(thread: NativeThread, what: string, pointer: bigint, free: CFunction) {
    this.thread = thread;
    this.#what = what;
    this.#pointer = pointer;
    this.#free = free;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Throws {@link LightgbmDisposedError} if the handle is gone. */
  assertUsable(): void {
    if (this.#disposed) throw new LightgbmDisposedError(this.#what);
  }

  /** Runs `work` with the pointer; a dispose() meanwhile waits for its end. */
  async use<T>(work: (pointer: bigint, thread: NativeThread) => Promise<T>): Promise<T> {
    this.assertUsable();
    this.#uses++;
    try {
      return await work(this.#pointer, this.thread);
    } finally {
      this.#uses--;
      this.#freeIfUnused();
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
