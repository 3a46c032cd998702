import { FrameHasher, hammingDistance } from '@primatrix/perceptual-hash';
import { describe, expect, it } from 'vitest';
import { FrameReuse } from './frame-reuse.ts';

const [width, height] = [64, 48];

/** A bright blob at a place across; 1 frame apart it moves by little. */
function blobAt(x: number) {
  const bytes = Uint8Array.from(
    { length: width * height },
    (_, i) => 40 + 180 * Math.exp(-(((i % width) - x) ** 2 + (Math.floor(i / width) - 20) ** 2) / 90),
  );
  return { width, height, luma: () => bytes };
}

const frames = Array.from({ length: 40 }, (_, i) => blobAt(8 + i));
const hasher = new FrameHasher({ width, height });
const hashes = frames.map((frame) => hasher.hash(frame.luma()));
const distance = (a: number, b: number) => {
  const [x, y] = [hashes[a], hashes[b]];
  if (x === undefined || y === undefined) throw new Error('no such frame');
  return Math.max(hammingDistance(x.phash, y.phash), hammingDistance(x.dhash, y.dhash));
};

describe('FrameReuse', () => {
  it('never reuses the first frame, and one without any difference even at 0', () => {
    const reuse = new FrameReuse(0);
    expect([0, 0, 20, 20, 0].map((i) => reuse.repeats(blobAt(i)))).toEqual([false, true, false, true, false]);
  });

  it.each([2, 6, 10])('measures from the last computed frame, so that a slow walk is seen (%i bits)', (within) => {
    const reuse = new FrameReuse(within);
    let computed = 0;
    let count = 0;
    frames.forEach((frame, i) => {
      const repeats = reuse.repeats(frame);
      expect(repeats, `frame ${i}`).toBe(i > 0 && distance(i, computed) <= within);
      if (!repeats) [computed, count] = [i, count + 1];
    });
    expect(count).toBeGreaterThan(2);
    expect(count).toBeLessThan(frames.length);
  });

  it('sees the slow walk where each step alone would pass', () => {
    const widest = Math.max(...frames.slice(1).map((_, i) => distance(i, i + 1)));
    const reuse = new FrameReuse(widest);
    expect(frames.map((frame) => reuse.repeats(frame)).filter((repeats) => !repeats).length).toBeGreaterThan(1);
  });
});
