import { parentPort } from 'node:worker_threads';
import type { HashAnswer, HashRequest } from './hash-thread.ts';
import { ThumbnailBits } from './thumbnail-bits.ts';
import { Thumbnails } from './thumbnails.ts';

// Imports nothing but the kernel and what stands around it: what a thread loads is a part of its start.

/** Clips that are under way at once are of a few sizes. */
const mostSizes = 4;
const sizes = new Map<string, Thumbnails>();
const bits = new ThumbnailBits();

parentPort?.on('message', ({ id, bytes, width, height, layout }: HashRequest) => {
  const key = JSON.stringify([width, height, layout]);
  let thumbnails = sizes.get(key);
  if (thumbnails === undefined) {
    if (sizes.size === mostSizes) sizes.clear();
    sizes.set(key, (thumbnails = new Thumbnails(width, height, layout)));
  }
  thumbnails.make(bytes);
  const words = new Uint32Array(4);
  bits.write(thumbnails, words, 0);
  parentPort?.postMessage({ id, words } satisfies HashAnswer);
});
