import { describe, expect, it } from 'vitest';
import { yuvFrameBytes, yuvToRgb, yuvToRgbAt } from './yuv-to-rgb.ts';

const [width, height] = [37, 26] as const;

describe('yuvToRgbAt', () => {
  it.each([
    [1, 1, false],
    [1, 1, true],
    [1, 0, false],
    [0, 0, false],
    [0, 1, true],
    [2, 0, false],
    [2, 2, true],
  ])('makes the pixels of yuvToRgb (chroma shifted by %i and %i, full range %s)', (shiftX, shiftY, fullRange) => {
    const format = { shiftX, shiftY, fullRange };
    const planes = Uint8Array.from({ length: yuvFrameBytes(width, height, format) }, (_, i) => (i * i * 31 + i) % 256);
    const all = yuvToRgb(planes, width, height, format);
    const columns = [0, 1, 2, 17, 18, 35, 36];
    const rows = Int32Array.of(0, 3, 4, 12, 25);
    const some = yuvToRgbAt(planes, { width, height, format }, columns, rows);
    const expected = [...rows].flatMap((y) =>
      columns.flatMap((x) => [...all.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]),
    );
    expect([...some]).toEqual(expected);
  });
});
