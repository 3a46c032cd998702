import type { Tensor } from '@primatrix/contracts';

/** What is known of the rows of one clip's vectors, [rows, width], whoever made them. */
export interface RowFacts {
  /** [rows]: bits of a frame's hash that differ from the frames a row earlier and later, the larger of both. */
  readonly movement: Float64Array;
  /** [rows]: whether a detector has a box on the frame that it looked at nearest. */
  readonly seen: readonly boolean[];
}

/** Boxes of a lower score are no sight: small detectors have those nearly everywhere. */
const seenFrom = 0.3;

/**
 * Finds out which rows of a clip show nothing but the place. Rows are evenly spread over the clip's frames.
 * @param rows how many there are
 * @param motion [frames, bits], a hash of every frame; undefined: nothing is known to have moved
 * @param boxes of each detector, [looks, boxes, values]: frame, left, top, right, bottom, score, class
 */
export function rowFacts(rows: number, motion: Tensor | undefined, boxes: readonly Tensor[]): RowFacts {
  const frames = motion?.shape[0] ?? 0;
  const at = (row: number) => Math.min(Math.max(0, frames - 1), Math.floor((row * frames) / Math.max(1, rows)));
  const apart = (a: number, b: number) =>
    motion === undefined || frames === 0 ? 0 : differingBits(motion, at(a), at(b));
  return {
    movement: Float64Array.from({ length: rows }, (_, i) => Math.max(apart(i, Math.max(0, i - 1)), apart(i, i + 1))),
    seen: Array.from({ length: rows }, (_, i) => boxes.some((looks) => isSeen(looks, (i + 0.5) / rows, frames))),
  };
}

function differingBits({ shape, data }: Tensor, a: number, b: number): number {
  const bits = shape[1] ?? 0;
  let count = 0;
  for (let i = 0; i < bits; i++) if (data[a * bits + i] !== data[b * bits + i]) count++;
  return count;
}

/** @param share of the clip, 0 to 1 @param frames of the clip; 0: as many as the last look says */
function isSeen({ shape: [looks = 0, most = 0, values = 0], data }: Tensor, share: number, frames: number): boolean {
  const value = (look: number, box: number, place: number) => Number(data[(look * most + box) * values + place] ?? 0);
  const length = Math.max(frames, looks === 0 ? 0 : value(looks - 1, 0, 0) + 1);
  let nearest = -1;
  for (let look = 0; look < looks; look++) {
    const off = Math.abs(value(look, 0, 0) - share * length);
    if (nearest < 0 || off < Math.abs(value(nearest, 0, 0) - share * length)) nearest = look;
  }
  // Boxes lie by falling score.
  return nearest >= 0 && most > 0 && value(nearest, 0, 5) >= seenFrom;
}
