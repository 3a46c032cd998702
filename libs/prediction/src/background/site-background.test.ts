import { float32ToFloat16 } from '@primatrix/tensor-store';
import { expect, it } from 'vitest';
import { backgroundClips, backgroundOf, meanBackground, takeOff, type ClipVectors } from './site-background.ts';

/** Rows of two numbers: value, its negative, how much moved, and whether something was seen. */
const clip = (...rows: (readonly [value: number, movement: number, seen?: true])[]): ClipVectors => ({
  vectors: {
    dtype: 'float32',
    shape: [rows.length, 2],
    data: Float32Array.from(rows.flatMap(([value]) => [value, -value])),
  },
  movement: Float64Array.from(rows, ([, movement]) => movement),
  seen: rows.map(([, , seen]) => seen === true),
});

it('is the mean of the stiller half of the rows on which nothing was seen', () => {
  expect(backgroundOf([clip([1, 0], [100, 9]), clip([3, 1], [200, 5], [7, 0, true])])).toEqual(Float64Array.of(2, -2));
  expect(backgroundOf([clip([1, 4], [3, 4])])).toEqual(Float64Array.of(2, -2));
});

it('is made of what there is where a detector saw something on every row', () => {
  expect(backgroundOf([clip([1, 0, true], [9, 5, true])])).toEqual(Float64Array.of(1, -1));
  expect(backgroundOf([])).toBeUndefined();
});

it('is taken off every row, and off float16 as well', () => {
  const { vectors } = clip([1, 0], [4, 0]);
  const rest = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(-1, 2, 2, -1) };
  expect(takeOff(vectors, Float64Array.of(2, -3))).toEqual(rest);
  const half = { dtype: 'float16', shape: [2, 2], data: float32ToFloat16(vectors.data as Float32Array) } as const;
  expect(takeOff(half, Float64Array.of(2, -3))).toEqual(rest);
});

it('is usually the mean of those of all sites', () => {
  expect(meanBackground([Float64Array.of(1, 2), Float64Array.of(3, 6)])).toEqual(Float64Array.of(2, 4));
  expect(meanBackground([])).toBeUndefined();
});

it('looks at 16 clips of a site at most, evenly spread', () => {
  expect(backgroundClips([1, 2, 3])).toEqual([1, 2, 3]);
  expect(backgroundClips(Array.from({ length: 32 }, (_, i) => i))).toEqual(Array.from({ length: 16 }, (_, i) => 2 * i));
});
