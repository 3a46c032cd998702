import { expect, it } from 'vitest';
import type { NetSpec } from '../layer-spec.ts';
import { outputShape, resolveNet, withShapes } from '../net.ts';

const reshaped = (...targetShape: number[]): NetSpec => ({
  name: 'reshaped',
  input: [12, 2048],
  layers: [{ type: 'Reshape', targetShape }],
});

it('gives an axis of -1 what the others leave', () => {
  expect(outputShape(reshaped(12, -1, 1))).toEqual([12, 2048, 1]);
  expect(outputShape(reshaped(-1))).toEqual([12 * 2048]);
  expect(outputShape(reshaped(4, 3, 2048))).toEqual([4, 3, 2048]);
});

it('lets engines and cache keys see numbers alone', () => {
  const frames: NetSpec = {
    name: 'frames',
    input: [5, 6],
    layers: [{ type: 'TimeDistributed', layer: { type: 'Reshape', targetShape: [2, -1] } }],
  };
  expect(resolveNet(frames).layers[0]?.spec).toMatchObject({ targetShape: [2, 3] });
  expect(withShapes(reshaped(12, -1, 1))).toEqual(reshaped(12, 2048, 1));
  expect(resolveNet(reshaped(12, -1, 1))).toEqual(resolveNet(reshaped(12, 2048, 1)));
});

it.each([
  [[7, -1], 'must have as many elements as the input, got [12, 2048]'],
  [[12, 2047], 'must have as many elements as the input, got [12, 2048]'],
  [[-1, -1], 'at most one axis may be -1'],
  [[-2, 12], 'targetShape'],
])('refuses %j', (targetShape, words) => expect(() => resolveNet(reshaped(...targetShape))).toThrow(words));
