import { sharedData } from '@primatrix/testkit';
import { openFrames } from '@primatrix/video';
import { bmvbhash } from 'blockhash-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockHasher } from './block-hash.ts';

const golden = sharedData('golden', 'image-hash', 'imagehash.png');

/** By npm's blockhash-core, which imghash calls. */
function reference(rgb: Uint8Array, width: number, height: number): string {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
  return bmvbhash({ width, height, data: data as unknown as Uint8ClampedArray }, 8);
}

const hex = (words: Uint32Array) => [...words].map((word) => word.toString(16).padStart(8, '0')).join('');

function ours(rgb: Uint8Array, width: number, height: number): string {
  const hasher = new BlockHasher();
  hasher.add({ width, height, rgb: () => rgb });
  return hex(hasher.words());
}

// Noise, smooth pictures, and flat ones with few brightnesses, where medians tie.
const picture = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 70 }),
    steps: fc.constantFrom(1, 2, 40, 256),
    seed: fc.nat(1000),
  })
  .map(({ width, height, steps, seed }) => ({
    width,
    height,
    rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const noise = Math.abs(Math.sin((i + 1) * (seed + 1) * 12.9898) * 43758.5453) % 1;
      return Math.floor(noise * steps) * Math.floor(255 / steps) + (seed % 3 === 0 && steps < 3 ? 200 : 0);
    }),
  }));

describe('BlockHasher', () => {
  it('gives every bit of imghash, for every size and picture', () => {
    fc.assert(
      fc.property(picture, ({ width, height, rgb }) => {
        expect(ours(rgb, width, height)).toBe(reference(rgb, width, height));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [720, 404],
    [1280, 720],
    [100, 50],
    [64, 64],
    [1, 1],
    [3, 500],
  ])('gives it at %i x %i, too', (width, height) => {
    const rgb = Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => 128 + 80 * Math.sin(i / 977) + 40 * Math.cos(((i / 3) % width) / 31) + (i % 3),
    );
    expect(ours(rgb, width, height)).toBe(reference(rgb, width, height));
  });

  it.skipIf(golden === undefined)('gives it of decoded pictures (needs the shared data folder)', async () => {
    for await (const frame of await openFrames(golden!)) {
      const hasher = new BlockHasher();
      hasher.add(frame);
      expect(hex(hasher.words())).toBe(reference(frame.rgb(), frame.width, frame.height));
      expect(new Set(hex(hasher.words())).size).toBeGreaterThan(2);
    }
  });

  it('takes black for zeros and white for ones, and frames of changing size in order', () => {
    const hasher = new BlockHasher();
    for (const [size, value] of [
      [16, 0],
      [9, 255],
      [16, 255],
    ] as const) {
      hasher.add({ width: size, height: size, rgb: () => new Uint8Array(size * size * 3).fill(value) });
    }
    expect(hex(hasher.words())).toBe('0'.repeat(16) + 'f'.repeat(32));
  });
});
