import { Writable } from 'node:stream';
import { freeBuffer } from './free-buffer.ts';

// Enough to keep decoder and consumer busy at once; more only delays the news of an abort.
const queuedBytes = 8 << 20;
const mostQueued = 64;
// On their way into a frame.
const chunkBytes = 1 << 20;

type Done = () => void;

/**
 * Cuts what is written to it into frames of equal size, each in a buffer of its own, copied once; with `reuse`, a
 * frame's buffer is shared memory, and filled again once the next frame is asked for. What is written belongs to it.
 * Takes no more while a few frames wait: back-pressure then reaches the process at the other end.
 */
export class FrameQueue extends Writable {
  readonly #frameBytes: number;
  readonly #capacity: number;
  readonly #reuse: boolean;
  readonly #ready: Uint8Array[] = [];
  readonly #free: Uint8Array[] = [];
  #lent: Uint8Array | null = null;
  #filling: Uint8Array | null = null;
  #filled = 0;
  #ended = false;
  #wake: (() => void) | null = null;
  #takeMore: Done | null = null;

  constructor(frameBytes: number, reuse = false) {
    // Without `close`, as what is started with it wants; and not destroyed once all is written, as frames may wait still.
    super({ emitClose: false, autoDestroy: false, highWaterMark: chunkBytes });
    this.#frameBytes = frameBytes;
    this.#reuse = reuse;
    this.#capacity = Math.max(2, Math.min(mostQueued, Math.floor(queuedBytes / frameBytes)));
  }

  /** The next whole frame; null at the end. A last, incomplete frame is dropped. */
  async next(): Promise<Uint8Array | null> {
    if (this.#lent !== null) this.#free.push(this.#lent);
    this.#lent = null;
    while (this.#ready.length === 0 && !this.#ended) {
      await new Promise<void>((wake) => (this.#wake = wake));
      this.#wake = null;
    }
    const frame = this.#ready.shift() ?? null;
    if (this.#reuse) this.#lent = frame;
    if (this.#ready.length < this.#capacity) {
      const takeMore = this.#takeMore;
      this.#takeMore = null;
      takeMore?.();
    }
    return frame;
  }

  override _write(chunk: Buffer<ArrayBuffer>, _encoding: BufferEncoding, done: Done): void {
    this.#take(chunk);
    freeBuffer(chunk);
    if (this.#ready.length < this.#capacity) done();
    else this.#takeMore = done;
    if (this.#ready.length > 0) this.#wake?.();
  }

  override _final(done: Done): void {
    this.#end();
    done();
  }

  /** Drops what waits and takes no more. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ready.length = 0;
    this.#end();
    done(error);
  }

  #end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  // Buffers that are used again and again are few, and other threads may look at what they hold.
  #buffer(): Uint8Array {
    return this.#reuse
      ? new Uint8Array(new SharedArrayBuffer(this.#frameBytes))
      : Buffer.allocUnsafeSlow(this.#frameBytes);
  }

  #take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      this.#filling ??= this.#free.pop() ?? this.#buffer();
      const bytes = Math.min(chunk.length - at, this.#frameBytes - this.#filled);
      this.#filling.set(bytes === chunk.length ? chunk : chunk.subarray(at, at + bytes), this.#filled);
      this.#filled += bytes;
      at += bytes;
      if (this.#filled === this.#frameBytes) {
        this.#ready.push(this.#filling);
        this.#filling = null;
        this.#filled = 0;
      }
    }
  }
}
