import type { Label } from '../folder/labels.ts';
import type { Placement } from '../picture/fit-picture.ts';
import type { RawBox } from './box.ts';

/** What was found on one frame of a clip. */
export interface Detection extends RawBox {
  /** Index of the frame, from 0. `left` to `bottom` are shares of the picture as it is shown, 0 to 1. */
  readonly frame: number;
  /** Probabilities by a classifier's labels, of what is in the box; absent where none looked. */
  readonly classes?: Float32Array;
}

/**
 * Boxes on the model's picture as boxes on the frame: shares of its width and height, cut at its edges. Boxes that lie in the filling
 * are left out.
 */
export function onFrame(boxes: readonly RawBox[], { left, top, width, height }: Placement, frame: number): Detection[] {
  const share = (value: number, from: number, length: number) => Math.min(1, Math.max(0, (value - from) / length));
  return boxes
    .map((box) => ({
      frame,
      left: share(box.left, left, width),
      top: share(box.top, top, height),
      right: share(box.right, left, width),
      bottom: share(box.bottom, top, height),
      score: box.score,
      label: box.label,
    }))
    .filter((box) => box.right > box.left && box.bottom > box.top);
}

/** A detection as people and other programs read it. */
export interface ShownBox {
  /** Left, top, right, bottom in pixels of the picture as it is shown. */
  readonly xyxy: readonly [number, number, number, number];
  readonly score: number;
  readonly class: number;
  readonly name: string;
  readonly group: Label['group'];
}

/** In pixels to a hundredth, with names. */
export function shownBox(
  box: Detection,
  labels: readonly Label[],
  { width, height }: { readonly width: number; readonly height: number },
): ShownBox {
  const { name, group } = labels[box.label] as Label;
  const pixel = (share: number, side: number) => Math.round(share * side * 100) / 100;
  return {
    xyxy: [pixel(box.left, width), pixel(box.top, height), pixel(box.right, width), pixel(box.bottom, height)],
    score: Math.round(box.score * 1e5) / 1e5,
    class: box.label,
    name,
    group,
  };
}
