import { availableParallelism } from 'node:os';

/** What one clip under way is given: decoders, a few frames of the largest size that is usual, and its tensors. */
const bytesAClip = 2 ** 30;

/**
 * Clips whose first level is under way at once: each waits for its own decoder most of the time, and while one waits
 * another computes. As many as there are processors and as memory holds; at least one.
 * @param memory bytes that are free for this process
 */
export function clipsAtOnce(processors = availableParallelism(), memory = process.availableMemory()): number {
  return Math.max(1, Math.min(processors, Math.floor(memory / bytesAClip)));
}
