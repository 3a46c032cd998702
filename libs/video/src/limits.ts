import { availableParallelism } from 'node:os';

/** Bounds on what one clip may cost; clips come from strangers' memory cards. */
export type ClipLimits = {
  /** Pixels of one picture; default 33,177,600 (8K). */
  readonly maxPixels: number;
  /** Length that a container may state; default 1,800 s. */
  readonly maxSeconds: number;
  /** Wall time and processor time (per thread) of one child process; default 600 s. */
  readonly maxWallSeconds: number;
  /** Address space of one child process; default 2 GiB. Not enforced on Windows and macOS. */
  readonly maxMemoryBytes: number;
};

/** Limits where none are given: pictures of 8K, half an hour of clip, ten minutes of decoding, 2 GiB of memory. */
export const defaultClipLimits: ClipLimits = {
  maxPixels: 7680 * 4320,
  maxSeconds: 1800,
  maxWallSeconds: 600,
  maxMemoryBytes: 2 * 1024 ** 3,
};

/** Decoder threads a process: each one reserves address space and frame buffers, and clips are run side by side. */
export const decoderThreads = Math.min(4, availableParallelism());
