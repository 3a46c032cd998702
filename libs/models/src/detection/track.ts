import { areaOf, overlapOf, suppress } from './box.ts';
import type { Detection } from './detection.ts';

/** One thing followed through the looks of a clip. */
export interface Track {
  /** In order of time, one a look at most. */
  readonly boxes: readonly Detection[];
}

/** Looks that a thing may be out of sight, and still be the same. */
const longestGap = 2;
/** Between two looks a thing moves by about its own size: boxes that overlap so much, or are so near and alike, are one thing. */
const leastOverlap = 0.1;
const nearness = 1;
const likeness = 3;

/**
 * Links boxes of neighbouring looks, the surest first, each to the track whose last box it overlaps most, else to the nearest one of its
 * size. Boxes of one look that cover each other are one thing, whatever their classes: small detectors give an animal several.
 * @param looks frames that were looked at, in order
 * @param iou see the model's card
 */
export function linkTracks(detections: readonly Detection[], looks: readonly number[], iou: number): Track[] {
  const tracks: { boxes: Detection[]; seen: number }[] = [];
  looks.forEach((frame, look) => {
    const boxes = suppress(
      detections.filter((box) => box.frame === frame),
      iou,
      'all',
    );
    const free = new Set(tracks.filter(({ seen }) => look - seen <= longestGap + 1));
    for (const box of boxes) {
      let best: { boxes: Detection[]; seen: number } | undefined;
      let most = 0;
      for (const track of free) {
        const fit = fitOf(track.boxes.at(-1) as Detection, box);
        if (fit > most) [best, most] = [track, fit];
      }
      if (best === undefined) tracks.push({ boxes: [box], seen: look });
      else {
        best.boxes.push(box);
        best.seen = look;
        free.delete(best);
      }
    }
  });
  return tracks;
}

/** 0: surely another thing; 1 to 2: they overlap; between: near, and about as large. */
function fitOf(a: Detection, b: Detection): number {
  const overlap = overlapOf(a, b);
  if (overlap >= leastOverlap) return 1 + overlap;
  const [large, small] = [Math.max(areaOf(a), areaOf(b)), Math.min(areaOf(a), areaOf(b))];
  const distance = Math.hypot((a.left + a.right - b.left - b.right) / 2, (a.top + a.bottom - b.top - b.bottom) / 2);
  const near = 1 - distance / (nearness * 2 * Math.sqrt(large));
  return large <= likeness * small ? Math.max(0, near) : 0;
}
