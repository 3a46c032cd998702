import { coefficientBits } from './pillow-filter.ts';
import type { PillowFilter } from './pillow-filter.ts';

/** Taps that one kernel step takes, and the bytes of their weights. */
const blockTaps = 8;
const blockBytes = 16;
const headerBytes = 16;

/** A filter in the layout of `assembly/resample.ts`. */
export interface ResamplePlan {
  readonly bytes: Uint8Array;
  /** Bits of a weight that are in its low part. */
  readonly shift: number;
  readonly outputs: number;
}

/** Splits a filter's weights into 16-bit halves and bounds what the low halves can add. */
export function resamplePlan({ outputs, starts, counts, weights, taps }: PillowFilter): ResamplePlan {
  const shift = smallestShift(weights);
  const blocks = Array.from(counts, (count) => Math.ceil(count / blockTaps));
  const bytes = new Uint8Array(blocks.reduce((sum, count) => sum + headerBytes + 2 * count * blockBytes, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let output = 0; output < outputs; output++) {
    const lows = blocks[output]! * blockBytes;
    const header = at;
    at += headerBytes;
    let lower = 1 << (coefficientBits - 1);
    let upper = lower;
    for (let tap = 0; tap < counts[output]!; tap++) {
      const weight = weights[output * taps + tap]!;
      const high = highPart(weight, shift);
      const low = weight - high * 2 ** shift;
      view.setInt16(at + tap * 2, high, true);
      view.setInt16(at + lows + tap * 2, low, true);
      if (low < 0) lower += low * 255;
      else upper += low * 255;
    }
    view.setUint32(header, starts[output]!, true);
    view.setUint32(header + 4, blocks[output]!, true);
    view.setInt32(header + 8, lower, true);
    view.setInt32(header + 12, upper, true);
    at += 2 * lows;
  }
  return { bytes, shift, outputs };
}

/** How many bits must go so that every weight's high part fits 16 bits. */
function smallestShift(weights: Int32Array): number {
  let shift = 0;
  while (weights.some((weight) => Math.abs(highPart(weight, shift)) > 0x7fff)) shift++;
  return shift;
}

function highPart(weight: number, shift: number): number {
  return Math.round(weight / 2 ** shift);
}
