import type { Tensor } from '@primatrix/contracts';
import { expect, it } from 'vitest';
import { rowFacts } from './row-facts.ts';

/** A hash of 4 bits a frame. */
const hashes = (...frames: string[]): Tensor => ({
  dtype: 'uint8',
  shape: [frames.length, 4],
  data: Uint8Array.from(frames.flatMap((bits) => [...bits].map(Number))),
});
/** One box a look: frame, and its score. */
const looks = (...boxes: (readonly [number, number])[]): Tensor => ({
  dtype: 'float32',
  shape: [boxes.length, 1, 7],
  data: Float32Array.from(boxes.flatMap(([frame, score]) => [frame, 0, 0, 1, 1, score, 0])),
});

it('measures how far the hash is from those a row earlier and later', () => {
  // Four rows of eight frames: frames 0, 2, 4 and 6, and the last one.
  const motion = hashes('0000', '1111', '0000', '0000', '1110', '0000', '1110', '1110');
  expect([...rowFacts(4, motion, []).movement]).toEqual([0, 3, 3, 0]);
  expect([...rowFacts(1, hashes('0000', '0011'), []).movement]).toEqual([2]);
  expect([...rowFacts(3, undefined, []).movement]).toEqual([0, 0, 0]);
});

it('asks the look that is nearest what was seen', () => {
  const motion = hashes(...Array.from({ length: 100 }, () => '0000'));
  const boxes = looks([0, 0.2], [50, 0.9], [90, 0.3]);
  expect(rowFacts(4, motion, [boxes]).seen).toEqual([false, true, true, true]);
  expect(rowFacts(4, motion, [boxes, looks([0, 0.5])]).seen).toEqual([true, true, true, true]);
  expect(rowFacts(2, motion, [looks()]).seen).toEqual([false, false]);
  // Without hashes the looks say how long the clip is.
  expect(rowFacts(2, undefined, [boxes]).seen).toEqual([false, true]);
});
