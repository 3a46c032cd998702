import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { resizePicture, type ResizeMethod } from './index.ts';
import { resizeUnmade } from './resize-picture.ts';

function picture(width: number, height: number, seed = 1) {
  const rng = new Rng(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => rng.int(256)) };
}

function resized(source: ReturnType<typeof picture>, height: number, width: number, method: ResizeMethod): Uint8Array {
  const out = new Uint8Array(height * width * 3);
  resizePicture(source, out, height, width, method);
  return out;
}

/** Bilinear interpolation with half-pixel centres, in double precision. */
function bilinear(
  { width, height, data }: ReturnType<typeof picture>,
  y: number,
  x: number,
  c: number,
  toHeight: number,
  toWidth: number,
): number {
  const clamp = (v: number, n: number) => Math.max(0, Math.min(n - 1, v));
  const sy = clamp(((y + 0.5) * height) / toHeight - 0.5, height);
  const sx = clamp(((x + 0.5) * width) / toWidth - 0.5, width);
  const [y0, x0] = [Math.floor(sy), Math.floor(sx)];
  const at = (yy: number, xx: number) => data[(clamp(yy, height) * width + clamp(xx, width)) * 3 + c] as number;
  const row = (yy: number) => at(yy, x0) * (1 - (sx - x0)) + at(yy, x0 + 1) * (sx - x0);
  return row(y0) * (1 - (sy - y0)) + row(y0 + 1) * (sy - y0);
}

describe('resizePicture', () => {
  it.each([
    [72, 40, 31, 17],
    [72, 40, 22, 33],
    [13, 9, 40, 41],
    [1, 1, 8, 8],
    [2, 300, 5, 4],
  ])('stretches %ix%i to %ix%i as exact bilinear does, within 1', (w, h, tw, th) => {
    const source = picture(w, h);
    resized(source, th, tw, 'bilinear').forEach((got, i) => {
      const want = bilinear(source, Math.floor(i / (tw * 3)), Math.floor(i / 3) % tw, i % 3, th, tw);
      expect(Math.abs(got - want)).toBeLessThanOrEqual(1);
    });
  });

  it('copies a picture of the right size, and keeps one colour as it is', () => {
    const source = picture(20, 10);
    expect(resized(source, 10, 20, 'bilinear')).toEqual(source.data);
    const plain = { width: 17, height: 23, data: new Uint8Array(17 * 23 * 3).fill(201) };
    for (const method of ['bilinear', 'area'] as const) {
      expect(new Set(resized(plain, 9, 40, method))).toEqual(new Set([201]));
      expect(new Set(resized(plain, 7, 5, method))).toEqual(new Set([201]));
    }
  });

  it('halves by the mean of four pixels, with either method', () => {
    const source = picture(8, 6);
    const at = (y: number, x: number, c: number) => source.data[(y * 8 + x) * 3 + c] as number;
    for (const method of ['bilinear', 'area'] as const) {
      resized(source, 3, 4, method).forEach((got, i) => {
        const [y, x, c] = [2 * Math.floor(i / 12), 2 * (Math.floor(i / 3) % 4), i % 3];
        expect(got).toBe((at(y, x, c) + at(y, x + 1, c) + at(y + 1, x, c) + at(y + 1, x + 1, c) + 2) >> 2);
      });
    }
  });

  it('shrinks by area to the mean of what a pixel covers', () => {
    // 3 pixels to 2: each takes one whole and half of the middle one.
    const source = { width: 3, height: 1, data: Uint8Array.of(0, 30, 60, 90, 90, 90, 240, 3, 0) };
    expect([...resized(source, 1, 2, 'area')]).toEqual([30, 50, 70, 190, 32, 30]);
  });
});

describe('resizeUnmade', () => {
  it.each([
    [72, 40, 31, 17],
    [300, 200, 20, 20],
    [13, 9, 40, 41],
    [20, 10, 20, 10],
    [40, 20, 20, 10],
  ])('makes of %ix%i the pixels of %ix%i that making all of them gives', (w, h, width, height) => {
    for (const method of ['bilinear', 'area'] as const) {
      const source = picture(w, h, 3);
      let made = 0;
      const out = new Uint8Array(height * width * 3);
      const count = (data: Uint8Array) => {
        made += data.length / 3;
        return data;
      };
      const unmade = {
        width: w,
        height: h,
        rgb: () => count(source.data),
        rgbAt: (columns: ArrayLike<number>, rows: ArrayLike<number>) =>
          count(
            Uint8Array.from(
              Array.from(rows).flatMap((y) =>
                Array.from(columns).flatMap((x) => [...source.data.subarray((y * w + x) * 3, (y * w + x) * 3 + 3)]),
              ),
            ),
          ),
      };
      resizeUnmade(unmade, out, height, width, method);
      expect(out).toEqual(resized(source, height, width, method));
      expect(made).toBeLessThanOrEqual(method === 'bilinear' && w === 300 ? 40 * 40 : w * h);
    }
  });
});
