import type { Picture } from '@primatrix/backbones';

/** Shares of a picture's width and height, 0 to 1. */
interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A part of a picture as one of its own; at least one pixel. */
export function cropOf({ width, height, data }: Picture, { left, top, right, bottom }: Region): Picture {
  const x = Math.min(width - 1, Math.floor(left * width));
  const y = Math.min(height - 1, Math.floor(top * height));
  const w = Math.max(1, Math.min(width, Math.ceil(right * width)) - x);
  const h = Math.max(1, Math.min(height, Math.ceil(bottom * height)) - y);
  const crop = new Uint8Array(w * h * 3);
  for (let row = 0; row < h; row++) {
    const from = ((y + row) * width + x) * 3;
    crop.set(data.subarray(from, from + w * 3), row * w * 3);
  }
  return { width: w, height: h, data: crop };
}
