import { expect, it } from 'vitest';
import { clipsAtOnce } from './clips-at-once.ts';

it.each([
  [1, 64, 1],
  [16, 64, 16],
  [16, 4.5, 4],
  [8, 0.2, 1],
])('%i processors and %d GiB: %i', (processors, gibibytes, clips) => {
  expect(clipsAtOnce(processors, gibibytes * 2 ** 30)).toBe(clips);
});
