import { expect, it } from 'vitest';
import { BestFrames } from './best-frames.ts';

const chosen = (most: number, scores: readonly number[]) => {
  const frames = new BestFrames<string>(most);
  scores.forEach((score, i) => frames.add(10 * i, score, () => `picture ${i}`));
  return frames.chosen().map(({ frame }) => frame / 10);
};

it('takes the frames of the highest scores, in order of time', () => {
  expect(chosen(2, [0.1, 0.9, 0, 0.3, 0.5, 0])).toEqual([1, 4]);
  expect(chosen(2, [0.5, 0.5, 0.5])).toEqual([0, 1]);
  expect(chosen(4, [0, 0.2, 0, 0])).toEqual([1]);
});

it('spreads where nothing was seen', () => {
  expect(chosen(4, [0, 0, 0])).toEqual([0, 1, 2]);
  expect(
    chosen(
      4,
      Array.from({ length: 8 }, () => 0),
    ),
  ).toEqual([0, 2, 4, 6]);
  expect(
    chosen(
      4,
      Array.from({ length: 60 }, () => 0),
    ),
  ).toEqual([0, 16, 32, 48]);
  expect(
    chosen(
      3,
      Array.from({ length: 10 }, () => 0),
    ),
  ).toEqual([0, 4, 8]);
  expect(chosen(1, [0, 0, 0])).toEqual([0]);
  expect(chosen(3, [])).toEqual([]);
});

it('keeps what belongs to a frame, and asks for no more of it than it may keep', () => {
  const frames = new BestFrames<number>(1);
  const asked: number[] = [];
  for (const [frame, score] of [
    [0, 0.5],
    [1, 0.2],
    [2, 0.8],
  ] as const) {
    frames.add(frame, score, () => (asked.push(frame), frame * 100));
  }
  expect(frames.chosen()).toEqual([{ frame: 2, score: 0.8, value: 200 }]);
  expect(asked).toEqual([0, 2]);
});
