import { Rng } from '@primatrix/rng';
import { expect, test } from 'vitest';
import { copyCrop, cropRoom, randomCorner, spreadCorners } from './crop.ts';
import type { SampleTensor } from './sample.ts';

const tensor = (shape: number[]): SampleTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

function crop(shape: number[], corner: number[], size: number[], padding: 'repeat' | 'zero' = 'repeat'): number[] {
  const length = size.reduce((a, b) => a * b, 1);
  const out = new Float32Array(length + 2).fill(-1);
  copyCrop(tensor(shape), corner, size, padding, out, 1);
  expect([out[0], out.at(-1)]).toEqual([-1, -1]);
  return [...out.subarray(1, -1)];
}

test('crops of time, of time and space, and of the last axis', () => {
  expect(crop([5, 2], [2, 0], [2, 2])).toEqual([4, 5, 6, 7]);
  expect(crop([3, 3, 3, 1], [1, 1, 0, 0], [2, 2, 2, 1])).toEqual([12, 13, 15, 16, 21, 22, 24, 25]);
  expect(crop([2, 4], [0, 1], [2, 2])).toEqual([1, 2, 5, 6]);
});

test('short clips repeat their last frame, or end in zeros', () => {
  expect(crop([2, 2], [0, 0], [4, 2])).toEqual([0, 1, 2, 3, 2, 3, 2, 3]);
  expect(crop([2, 2], [0, 0], [4, 2], 'zero')).toEqual([0, 1, 2, 3, 0, 0, 0, 0]);
  expect(crop([1, 3, 2], [0, 1, 0], [3, 2, 2])).toEqual([2, 3, 4, 5, 2, 3, 4, 5, 2, 3, 4, 5]);
  expect(crop([1, 3, 2], [0, 1, 0], [3, 2, 2], 'zero')).toEqual([2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a sample must have the net's features, its length is free", () => {
  const sample = { id: 'clip', tensor: tensor([3, 4]) };
  expect(cropRoom(sample, tensor([3, 4]), [5, 4])).toEqual([0, 0]);
  expect(cropRoom(sample, tensor([9, 4]), [5, 2])).toEqual([4, 2]);
  expect(() => cropRoom(sample, tensor([9, 4]), [5, 6])).toThrow(
    'sample clip must be at least [frames, 6], got [9, 4]',
  );
  expect(() => cropRoom(sample, tensor([9]), [5, 6])).toThrow('got [9]');
});

test('crops at prediction are spread from end to end, equal ones are taken once', () => {
  expect(spreadCorners([10, 0], 3)).toEqual([
    [0, 0],
    [5, 0],
    [10, 0],
  ]);
  expect(spreadCorners([10], 1)).toEqual([[5]]);
  expect(spreadCorners([0, 0], 3)).toEqual([[0, 0]]);
  expect(spreadCorners([4, 8, 8, 0], [3, 3, 3]).length).toBe(27);
});

test('random corners reach every place', () => {
  const rng = new Rng(1);
  const seen = new Set(Array.from({ length: 200 }, () => randomCorner([2, 0, 1], rng).join()));
  expect([...seen].sort()).toEqual(['0,0,0', '0,0,1', '1,0,0', '1,0,1', '2,0,0', '2,0,1']);
});
