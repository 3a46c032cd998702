import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dctSize } from './dct32.ts';
import { coefficientBits, lanczosFilter } from './pillow-filter.ts';
import { resampleTransposed, resizeReference } from './resample.ts';
import { gradientColumns, gradientRows, Thumbnails } from './thumbnails.ts';
import { frameBytes, greyReference } from './yuv-grey.ts';
import type { PixelLayout } from './yuv-grey.ts';

const layouts: readonly PixelLayout[] = [
  { kind: 'rgb' },
  ...[false, true].flatMap((fullRange): PixelLayout[] => [
    { kind: 'luma', fullRange },
    { kind: 'yuv', format: { shiftX: 1, shiftY: 1, fullRange } },
    { kind: 'yuv', format: { shiftX: 1, shiftY: 0, fullRange } },
    { kind: 'yuv', format: { shiftX: 0, shiftY: 0, fullRange } },
    { kind: 'yuv', format: { shiftX: 2, shiftY: 2, fullRange } },
  ]),
];

/** Extremes and flat runs are what rounding and clipping go wrong on, so they come often. */
function pixels(bytes: number, seed: number, kind: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const random = (state >>> 16) & 255;
    return kind === 0 ? random : kind === 1 ? (random & 1) * 255 : 128 + (random & 3);
  });
}

describe('the WebAssembly kernel', () => {
  it('gives the integers of the plain TypeScript for every size, layout and picture', () => {
    const frame = fc.record({
      width: fc.integer({ min: 1, max: 150 }),
      height: fc.integer({ min: 1, max: 90 }),
      layout: fc.constantFrom(...layouts),
      seed: fc.integer(),
      kind: fc.integer({ min: 0, max: 2 }),
      grey: fc.boolean(),
    });
    fc.assert(
      fc.property(frame, ({ width, height, layout, seed, kind, grey }) => {
        const bytes = pixels(frameBytes(width, height, layout), seed, kind);
        if (grey && layout.kind === 'yuv') bytes.fill(128, width * height);
        const thumbnails = new Thumbnails(width, height, layout);
        thumbnails.make(bytes);
        const picture = greyReference(bytes, width, height, layout);
        const square = resizeReference(picture, lanczosFilter(width, dctSize), lanczosFilter(height, dctSize));
        expect(thumbnails.square).toEqual(square);
        const gradient = resizeReference(
          picture,
          lanczosFilter(width, gradientColumns),
          lanczosFilter(height, gradientRows),
        );
        for (let row = 0; row < gradientRows; row++) {
          const start = row * thumbnails.gradientStride;
          expect(thumbnails.gradient.slice(start, start + gradientColumns)).toEqual(
            gradient.slice(row * gradientColumns, (row + 1) * gradientColumns),
          );
        }
      }),
      { numRuns: 250 },
    );
  });

  it('forgets the frame before', () => {
    const thumbnails = new Thumbnails(40, 30, { kind: 'yuv', format: { shiftX: 1, shiftY: 1, fullRange: false } });
    const first = pixels(1800, 1, 0);
    thumbnails.make(first);
    const before = thumbnails.square.slice();
    thumbnails.make(pixels(1800, 2, 1));
    expect(thumbnails.square).not.toEqual(before);
    thumbnails.make(first);
    expect(thumbnails.square).toEqual(before);
  });
});

describe('lanczosFilter', () => {
  it('weighs every output by one in all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.constantFrom(8, 9, 32), (inputs, outputs) => {
        const { counts, starts, weights, taps } = lanczosFilter(inputs, outputs);
        for (let output = 0; output < outputs; output++) {
          const sum = weights.subarray(output * taps, (output + 1) * taps).reduce((total, weight) => total + weight, 0);
          expect(Math.abs(sum - 2 ** coefficientBits)).toBeLessThanOrEqual(counts[output]!);
          expect(starts[output]! + counts[output]!).toBeLessThanOrEqual(inputs);
        }
      }),
    );
  });

  it('copies a picture that has the size already', () => {
    const source = pixels(32 * 32, 5, 0);
    expect(resizeReference(source, lanczosFilter(32, 32), lanczosFilter(32, 32))).toEqual(source);
    expect(resampleTransposed(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, lanczosFilter(3, 3))).toEqual(
      Uint8Array.of(1, 4, 2, 5, 3, 6),
    );
  });
});
