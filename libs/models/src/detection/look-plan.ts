/** Which frames of a clip a detector looks at. */
export interface LookPlan {
  /** Seconds between two looks. */
  readonly every: number;
  /** At most so many; a longer clip is looked at as often, evenly spread. */
  readonly looks: number;
}

/** Frames a second of a clip that does not say. */
const usualRate = 25;

/**
 * Chooses the frames: one every so many seconds from the first on, or `looks` of them evenly spread over the clip where that would be
 * more. A clip of unknown length is looked at every so many seconds until it has had its looks.
 * @param clip frames it is thought to have, and frames a second; null where unknown
 * @returns whether a frame, by its index from 0, is looked at
 */
export function planLooks(
  { every, looks }: LookPlan,
  { frames, fps }: { readonly frames: number | null; readonly fps: number | null },
): (index: number) => boolean {
  const step = Math.max(1, every * (fps ?? usualRate));
  const regular = Math.ceil((frames ?? 0) / step);
  const count = frames === null ? looks : Math.max(1, Math.min(regular, looks));
  const apart = frames === null || regular <= looks ? step : frames / looks;
  const wanted = new Set(Array.from({ length: count }, (_, i) => Math.floor(i * apart)));
  return (index) => wanted.has(index);
}
