import { expect, it } from 'vitest';
import { decodeLine } from './decode-line.ts';

const letters = ['', '1', '2', ' '];

/** One place: the probability of one letter, the rest for the gap. */
const places = (...chosen: readonly (readonly [letter: number, p: number])[]) =>
  Float32Array.from(chosen.flatMap(([letter, p]) => letters.map((_, i) => (i === letter ? p : i === 0 ? 1 - p : 0))));

it('leaves out repeats and gaps, but keeps a letter that stands twice', () => {
  const line = decodeLine(places([1, 0.9], [1, 0.9], [0, 1], [1, 0.7], [3, 0.8], [2, 1]), 6, letters);
  expect(line.text).toBe('11 2');
  expect(line.score).toBeCloseTo((0.9 + 0.7 + 0.8 + 1) / 4, 6);
});

it('reads nothing where there is nothing', () => {
  expect(decodeLine(places([0, 1], [0, 1]), 2, letters)).toEqual({ text: '', score: 0 });
});
