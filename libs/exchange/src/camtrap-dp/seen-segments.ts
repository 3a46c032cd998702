import type { ClipSightings, Sighting } from '@primatrix/contracts';

/** A stretch of a clip in which something of one group was in sight. */
export interface SeenSegment {
  /** Seconds into the clip; null where frames have no time. */
  readonly from: number | null;
  readonly to: number | null;
  /** Highest number at once. */
  readonly count: number;
  /** Left, top, width and height as shares of the picture, of the surest box. */
  readonly box: Sighting['boxes'][number]['box'];
  /** Highest score, 0 to 1. */
  readonly score: number;
}

/** Out of sight for so many seconds, a group's sightings are still one segment: detectors look about once a second. */
const longestGap = 2;

/**
 * The segments of one group, in order of time: sightings that overlap in time, or nearly follow each other, are one.
 * @param least lowest score of a sighting that counts; where none reaches it, the surest one does
 */
export function seenSegments({ sightings }: ClipSightings, group: Sighting['group'], least: number): SeenSegment[] {
  const own = sightings.filter((sighting) => sighting.group === group && sighting.boxes.length > 0);
  const sure = own.filter(({ score }) => score >= least);
  const chosen = sure.length > 0 ? sure : own.toSorted((a, b) => b.score - a.score).slice(0, 1);
  const parts: Sighting[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const sighting of chosen.toSorted((a, b) => (a.from ?? 0) - (b.from ?? 0))) {
    if (parts.length > 0 && (sighting.from ?? 0) <= end + longestGap) parts.at(-1)?.push(sighting);
    else parts.push([sighting]);
    end = Math.max(end, sighting.to ?? 0);
  }
  return parts.map(segmentOf);
}

function segmentOf(sightings: readonly Sighting[]): SeenSegment {
  const boxes = sightings.flatMap((sighting) => sighting.boxes);
  const best = boxes.reduce((a, b) => (b.score > a.score ? b : a));
  const atOnce = new Map<number, number>();
  for (const { frame } of boxes) atOnce.set(frame, (atOnce.get(frame) ?? 0) + 1);
  const times = sightings.flatMap(({ from, to }) => (from === null || to === null ? [] : [from, to]));
  return {
    from: times.length === 0 ? null : Math.min(...times),
    to: times.length === 0 ? null : Math.max(...times),
    count: Math.max(...atOnce.values()),
    box: best.box,
    score: best.score,
  };
}
