import { resizePicture, type Picture } from '@primatrix/backbones';
import type { Interpolation } from '../folder/model-card.ts';
import { axisTaps, weightBits, type Taps } from './filter.ts';

/**
 * Brings a picture to a size, its aspect not kept.
 * - `bilinear`: as OpenCV's `INTER_LINEAR` on bytes, not smoothed when shrinking.
 * - `…-antialias`: as Pillow's `Image.resize` with that filter, smoothed when shrinking.
 * - `nearest`: as Pillow's, the pixel at the centre.
 * @returns a picture of its own, [height, width, 3]
 */
export function resizePictureTo(source: Picture, width: number, height: number, interpolation: Interpolation): Picture {
  if (source.width === width && source.height === height) return source;
  const data = new Uint8Array(width * height * 3);
  if (interpolation === 'bilinear') resizePicture(source, data, height, width, 'bilinear');
  else if (interpolation === 'nearest') pickNearest(source, data, width, height);
  else {
    const across = acrossRows(source, axisTaps(source.width, width, interpolation) as Taps[]);
    downColumns(across, width, axisTaps(source.height, height, interpolation) as Taps[], data);
  }
  return { width, height, data };
}

const half = 1 << (weightBits - 1);

/** Every row at its new width; rounded to bytes between the passes, as Pillow does. */
function acrossRows({ data, width, height }: Picture, columns: readonly Taps[]): Uint8ClampedArray {
  const out = new Uint8ClampedArray(height * columns.length * 3);
  for (let y = 0, o = 0; y < height; y++) {
    for (const { start, weights } of columns) {
      let [r, g, b] = [half, half, half];
      for (let k = 0, at = (y * width + start) * 3; k < weights.length; k++, at += 3) {
        const weight = weights[k] as number;
        r += (data[at] as number) * weight;
        g += (data[at + 1] as number) * weight;
        b += (data[at + 2] as number) * weight;
      }
      out[o++] = r >> weightBits;
      out[o++] = g >> weightBits;
      out[o++] = b >> weightBits;
    }
  }
  return out;
}

function downColumns(rows: Uint8ClampedArray, width: number, taps: readonly Taps[], out: Uint8Array): void {
  const line = width * 3;
  const sums = new Int32Array(line);
  const bytes = new Uint8ClampedArray(line);
  taps.forEach(({ start, weights }, y) => {
    sums.fill(half);
    weights.forEach((weight, k) => {
      const from = (start + k) * line;
      for (let i = 0; i < line; i++) sums[i] = (sums[i] as number) + (rows[from + i] as number) * weight;
    });
    for (let i = 0; i < line; i++) bytes[i] = (sums[i] as number) >> weightBits;
    out.set(bytes, y * line);
  });
}

function pickNearest(source: Picture, out: Uint8Array, width: number, height: number): void {
  for (let y = 0, o = 0; y < height; y++) {
    const row = Math.min(source.height - 1, Math.floor(((y + 0.5) * source.height) / height)) * source.width;
    for (let x = 0; x < width; x++, o += 3) {
      const at = (row + Math.min(source.width - 1, Math.floor(((x + 0.5) * source.width) / width))) * 3;
      out.set(source.data.subarray(at, at + 3), o);
    }
  }
}
