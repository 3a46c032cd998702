import { resizePicture, type Picture } from '@primatrix/backbones';
import { coefficientBits, pillowFilter, type FilterKernel, type PillowFilter } from '@primatrix/perceptual-hash';
import type { Interpolation } from '../folder/model-card.ts';
import { kernels } from './kernels.ts';

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
    // Every other way has one.
    const kernel = kernels.get(interpolation) as FilterKernel;
    const across = acrossRows(source, pillowFilter(source.width, width, kernel));
    downColumns(across, width, pillowFilter(source.height, height, kernel), data);
  }
  return { width, height, data };
}

const half = 1 << (coefficientBits - 1);

/** Every row at its new width; rounded to bytes between the passes, as Pillow does. */
function acrossRows({ data, width, height }: Picture, filter: PillowFilter): Uint8ClampedArray {
  const { outputs, starts, counts, weights, taps } = filter;
  const out = new Uint8ClampedArray(height * outputs * 3);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < outputs; x++) {
      let [r, g, b] = [half, half, half];
      let at = (y * width + (starts[x] as number)) * 3;
      for (let k = 0; k < (counts[x] as number); k++, at += 3) {
        const weight = weights[x * taps + k] as number;
        r += (data[at] as number) * weight;
        g += (data[at + 1] as number) * weight;
        b += (data[at + 2] as number) * weight;
      }
      out[o++] = r >> coefficientBits;
      out[o++] = g >> coefficientBits;
      out[o++] = b >> coefficientBits;
    }
  }
  return out;
}

function downColumns(rows: Uint8ClampedArray, width: number, filter: PillowFilter, out: Uint8Array): void {
  const { outputs, starts, counts, weights, taps } = filter;
  const line = width * 3;
  const sums = new Int32Array(line);
  const bytes = new Uint8ClampedArray(line);
  for (let y = 0; y < outputs; y++) {
    sums.fill(half);
    for (let k = 0; k < (counts[y] as number); k++) {
      const weight = weights[y * taps + k] as number;
      const from = ((starts[y] as number) + k) * line;
      for (let i = 0; i < line; i++) sums[i] = (sums[i] as number) + (rows[from + i] as number) * weight;
    }
    for (let i = 0; i < line; i++) bytes[i] = (sums[i] as number) >> coefficientBits;
    out.set(bytes, y * line);
  }
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
