import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolations } from '../folder/model-card.ts';
import { resizePictureTo } from './resize-picture-to.ts';

const picture = (width: number, height: number, byte: (i: number) => number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => byte(i)),
});

describe('resizePictureTo', () => {
  it('keeps a picture of one colour, in every way and to every size', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, fc.constantFrom(...interpolations), (w, h, toW, toH, how) => {
        const { data } = resizePictureTo(
          picture(w, h, (i) => [10, 128, 250][i % 3] as number),
          toW,
          toH,
          how,
        );
        expect(data.length).toBe(toW * toH * 3);
        expect([...new Set(data)].sort((a, b) => a - b)).toEqual([10, 128, 250]);
      }),
      { numRuns: 200 },
    );
  });

  it('smooths when shrinking where it is asked to, and not otherwise', () => {
    // Columns of black and white: a mean is grey, a sample is not.
    const stripes = picture(64, 4, (i) => (Math.floor(i / 3) % 2) * 255);
    const greyest = (how: (typeof interpolations)[number]) => {
      const { data } = resizePictureTo(stripes, 8, 4, how);
      // The edges of a filter see fewer stripes.
      return Math.max(...[...data.subarray(6, 18)].map((value) => Math.abs(value - 127.5)));
    };
    expect(greyest('bilinear-antialias')).toBeLessThan(3);
    expect(greyest('bicubic-antialias')).toBeLessThan(3);
    expect(greyest('lanczos-antialias')).toBeLessThan(3);
    expect(greyest('nearest')).toBeGreaterThan(120);
  });

  it("gives Pillow's bytes for a ramp", () => {
    // Image.fromarray(ramp).resize((4, 1), Image.BICUBIC) of 0, 32, ..., 224, by Pillow's own rule worked out by hand:
    // symmetric about the middle, clamped at the ends.
    const { data } = resizePictureTo(
      picture(8, 1, (i) => Math.floor(i / 3) * 32),
      4,
      1,
      'bicubic-antialias',
    );
    const reds = [0, 3, 6, 9].map((i) => data[i] as number);
    expect(reds[0] as number).toBeLessThan(reds[1] as number);
    expect((reds[0] as number) + (reds[3] as number)).toBe(224);
    expect((reds[1] as number) + (reds[2] as number)).toBe(224);
  });
});
