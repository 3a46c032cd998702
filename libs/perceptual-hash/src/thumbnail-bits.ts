import { keptSize, LowFrequencyDct } from './dct32.ts';
import { gradientColumns, gradientRows } from './thumbnails.ts';
import type { Thumbnails } from './thumbnails.ts';

/** Turns the two thumbnails of a frame into its hashes. */
export class ThumbnailBits {
  readonly #dct = new LowFrequencyDct();
  readonly #coefficients = new Float64Array(keptSize * keptSize);
  readonly #sorted = new Float64Array(keptSize * keptSize);

  /** @param words receives pHash high, pHash low, dHash high, dHash low from `offset` */
  write(thumbnails: Thumbnails, words: Uint32Array, offset: number): void {
    this.#dct.transform(thumbnails.square, this.#coefficients);
    this.#sorted.set(this.#coefficients);
    const median = medianOf(this.#sorted);
    writeAbove(median, this.#coefficients, words, offset);
    writeRising(thumbnails.gradient, thumbnails.gradientStride, words, offset + 2);
  }
}

/** The mean of the middle two, as `numpy.median` of an even count; sorts its argument. */
function medianOf(values: Float64Array): number {
  values.sort();
  const middle = values.length / 2;
  return (values[middle - 1]! + values[middle]!) / 2;
}

/** One bit for each of 64 values: whether it exceeds the limit. */
function writeAbove(limit: number, values: Float64Array, words: Uint32Array, offset: number): void {
  for (let word = 0; word < 2; word++) {
    let bits = 0;
    for (let i = 0; i < 32; i++) bits = (bits << 1) | (values[word * 32 + i]! > limit ? 1 : 0);
    words[offset + word] = bits;
  }
}

/** One bit for each of 8x8 pixels: whether its right neighbour is brighter. */
function writeRising(pixels: Uint8Array, stride: number, words: Uint32Array, offset: number): void {
  for (let word = 0; word < 2; word++) {
    let bits = 0;
    for (let row = (word * gradientRows) / 2; row < ((word + 1) * gradientRows) / 2; row++) {
      for (let x = 1; x < gradientColumns; x++) {
        bits = (bits << 1) | (pixels[row * stride + x]! > pixels[row * stride + x - 1]! ? 1 : 0);
      }
    }
    words[offset + word] = bits;
  }
}
