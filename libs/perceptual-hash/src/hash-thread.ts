import { Worker } from 'node:worker_threads';
import { frameBytes, type PixelLayout } from './yuv-grey.ts';

/** One frame for the thread; its bytes lie in shared memory, and fit its size. */
export interface HashRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly layout: PixelLayout;
}

/** Its hashes: pHash high, pHash low, dHash high, dHash low. */
export interface HashAnswer {
  readonly id: number;
  readonly words: Uint32Array;
}

/** Bytes of a frame from which on another thread pays: hashing then takes ten times as long as the messages. */
const leastBytes = 1_000_000;

/** Built, as Node 20 starts no thread from TypeScript. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/hash-worker.js' : './hash-worker.js',
  import.meta.url,
);

/**
 * The thread of this process that hashes large frames, so that the next ones are read meanwhile. It starts with the
 * first of them and keeps no process alive.
 */
class HashThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (words: Uint32Array | null) => void>();
  #nextId = 0;
  #ended = false;

  constructor() {
    // Without the process's own flags, which need not suit a thread.
    this.#worker = new Worker(workerFile, { execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', ({ id, words }: HashAnswer) => this.#settle(id, words));
    const end = (): void => {
      this.#ended = true;
      for (const id of [...this.#waiting.keys()]) this.#settle(id, null);
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', end);
  }

  /** Null where the thread has ended: it could not be started, or ran out of memory. */
  hash(frame: Omit<HashRequest, 'id'>): Promise<Uint32Array | null> {
    if (this.#ended) return Promise.resolve(null);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, ...frame } satisfies HashRequest);
    });
  }

  #settle(id: number, words: Uint32Array | null): void {
    this.#waiting.get(id)?.(words);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
  }
}

let thread: HashThread | undefined;

/**
 * Hashes a frame on another thread.
 * @returns its 4 words; null at once where that does not pay, its bytes are not shared with other threads, or do not fit
 *   its size; later where the thread has ended: it is then to be hashed here
 */
export function hashBeside(frame: Omit<HashRequest, 'id'>): Promise<Uint32Array | null> | null {
  const { bytes, width, height, layout } = frame;
  const pays = bytes.length >= leastBytes && bytes.buffer instanceof SharedArrayBuffer;
  if (!pays || bytes.length !== frameBytes(width, height, layout)) return null;
  thread ??= new HashThread();
  return thread.hash(frame);
}
