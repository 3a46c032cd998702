import type { Readable } from 'node:stream';

// Enough to keep decoder and consumer busy at once; more only delays the news of an abort.
const queuedBytes = 8 << 20;
const mostQueued = 64;

/**
 * Cuts a byte stream into frames of equal size, each in a buffer of its own, copied once; with `reuse`, a frame's
 * buffer is filled again once the next frame is asked for. Stops reading while a few
 * frames wait: back-pressure then reaches the process at the other end.
 */
export class FrameQueue {
  readonly #source: Readable;
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

  constructor(source: Readable, frameBytes: number, reuse = false) {
    this.#source = source;
    this.#frameBytes = frameBytes;
    this.#reuse = reuse;
    this.#capacity = Math.max(2, Math.min(mostQueued, Math.floor(queuedBytes / frameBytes)));
    const end = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    source.on('data', (chunk: Buffer) => this.#take(chunk));
    source.once('end', end);
    source.once('close', end);
    source.once('error', end);
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
    if (this.#ready.length < this.#capacity && this.#source.isPaused()) this.#source.resume();
    return frame;
  }

  /** Drops what waits and reads no more. */
  close(): void {
    this.#ready.length = 0;
    this.#source.destroy();
  }

  #take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      this.#filling ??= this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#frameBytes);
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
    if (this.#ready.length >= this.#capacity) this.#source.pause();
    if (this.#ready.length > 0) this.#wake?.();
  }
}
