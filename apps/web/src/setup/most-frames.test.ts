import { expect, it } from 'vitest';
import { mostFrames } from './most-frames.ts';

const choices = [60, 30, 15, 8, 4, 2];

/** What clips take that need `fixed` seconds and one more a frame; and what was asked for. */
function clips(fixed: number) {
  const asked = new Set<number>();
  const secondsOf = async (frames: number) => (asked.add(frames), fixed + frames);
  return { asked, secondsOf };
}

it.each([
  [70, 60],
  [69.9, 30],
  [30, 15],
  [18, 8],
  [14, 4],
  [12, 2],
  // Not even the fewest: they are tried, so that it can be said.
  [5, 2],
])('in %d s fit %d frames, and these were tried', async (seconds, frames) => {
  const { asked, secondsOf } = clips(10);
  expect(await mostFrames(choices, seconds, secondsOf)).toBe(frames);
  expect(asked).toContain(frames);
  expect(asked.size).toBeLessThanOrEqual(4);
});

it('asks no further where nothing is known', async () => {
  const asked: number[] = [];
  expect(await mostFrames(choices, 1, async (frames) => (asked.push(frames), null))).toBe(60);
  expect(asked).toEqual([60]);
});
