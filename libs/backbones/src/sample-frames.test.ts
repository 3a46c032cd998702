import { describe, expect, it } from 'vitest';
import { sampleFrames } from './index.ts';

function chosen(every: number, maxFrames: number | undefined, promised: number | null, real: number): number[] {
  const wants = sampleFrames({ every, ...(maxFrames === undefined ? {} : { maxFrames }) }, promised);
  return Array.from({ length: real }, (_, i) => i).filter(wants);
}

describe('sampleFrames', () => {
  it("takes every n-th frame: the original's 60 of 360 and 120 of 360", () => {
    expect(chosen(6, 60, 360, 360)).toEqual(Array.from({ length: 60 }, (_, i) => 6 * i));
    expect(chosen(3, 120, 360, 360)).toHaveLength(120);
  });

  it('goes on in the same step where there is no limit: 121 and 61 of 361', () => {
    expect(chosen(3, undefined, 361, 361)).toEqual(Array.from({ length: 121 }, (_, i) => 3 * i));
    expect(chosen(6, undefined, 361, 361)).toEqual(Array.from({ length: 61 }, (_, i) => 6 * i));
    expect(chosen(6, undefined, null, 361)).toHaveLength(61);
  });

  it('spreads over a long clip instead of stopping in it', () => {
    const frames = chosen(6, 60, 1822, 1822);
    expect(frames).toHaveLength(60);
    expect(frames[0]).toBe(0);
    expect(frames.at(-1)).toBe(1791);
    const steps = new Set(frames.slice(1).map((frame, i) => frame - (frames[i] as number)));
    expect([...steps].sort()).toEqual([30, 31]);
  });

  it('takes what a short clip has', () => {
    expect(chosen(6, 60, 13, 13)).toEqual([0, 6, 12]);
    expect(chosen(6, 60, 1, 1)).toEqual([0]);
  });

  it('stops at the limit where the length is unknown or was promised wrongly', () => {
    expect(chosen(2, 3, null, 100)).toEqual([0, 2, 4]);
    expect(chosen(2, 3, 4, 100)).toEqual([0, 2, 4]);
    expect(chosen(2, 3, 100, 10)).toEqual([0]);
  });
});
