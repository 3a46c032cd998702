/** Which frames of a clip are looked at. */
export interface Sampling {
  /** Every how many frames one is taken, from the first on; 1 is all. */
  readonly every: number;
  /** At most so many; absent: no limit. */
  readonly maxFrames?: number;
}

/**
 * Chooses the frames of a clip: every n-th one; where that would give more than `maxFrames`, as many as allowed,
 * spread evenly over the whole clip (frame floor(i * frames / maxFrames), so the first frame always belongs).
 * A clip of unknown length is sampled every n-th frame and stops when it has enough.
 * @param frames how many frames the clip is thought to have; null if unknown
 * @returns whether a frame, by its index from 0, is wanted; never says yes to more than `maxFrames` indices
 */
export function sampleFrames(
  { every, maxFrames = Number.POSITIVE_INFINITY }: Sampling,
  frames: number | null,
): (index: number) => boolean {
  const regular = Math.ceil((frames ?? 0) / every);
  if (frames === null || regular <= maxFrames) return (index) => index % every === 0 && index / every < maxFrames;
  const wanted = new Set(Array.from({ length: maxFrames }, (_, i) => Math.floor((i * frames) / maxFrames)));
  return (index) => wanted.has(index);
}
