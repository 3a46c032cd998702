import { coefficientBits } from './pillow-filter.ts';
import type { PillowFilter } from './pillow-filter.ts';

/**
 * Filters each row of an 8-bit image and writes the result transposed: the plain form of the
 * WebAssembly kernel, kept as its reference. Twice in a row gives a resized image the right way up.
 *
 * @param source [rows, filter.inputs], row-major
 * @returns [filter.outputs, rows], rounded half up and clipped to 0..255
 */
export function resampleTransposed(source: Uint8Array, rows: number, filter: PillowFilter): Uint8Array {
  const { inputs, outputs, starts, counts, weights, taps } = filter;
  const result = new Uint8Array(outputs * rows);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      const first = row * inputs + starts[output]!;
      const firstWeight = output * taps;
      const count = counts[output]!;
      let sum = 1 << (coefficientBits - 1);
      for (let tap = 0; tap < count; tap++) sum += source[first + tap]! * weights[firstWeight + tap]!;
      // The sum stays below 2^31: the weights' magnitudes add up to less than two.
      const value = sum >> coefficientBits;
      result[output * rows + row] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
  return result;
}

/** Resizes an 8-bit grey image as Pillow does with Lanczos: columns first, rounded to 8 bits, then rows. */
export function resizeReference(source: Uint8Array, columns: PillowFilter, rows: PillowFilter): Uint8Array {
  return resampleTransposed(resampleTransposed(source, rows.inputs, columns), columns.outputs, rows);
}
