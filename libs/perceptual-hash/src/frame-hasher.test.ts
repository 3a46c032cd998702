import { readFileSync } from 'node:fs';
import { sharedData } from '@primatrix/testkit';
import { openFrames } from '@primatrix/video';
import { describe, expect, it } from 'vitest';
import { FrameSizeError } from './errors.ts';
import { FrameHasher } from './frame-hasher.ts';
import { hashClip } from './hash-frames.ts';
import { toHex } from './hex.ts';

const golden = sharedData('golden', 'image-hash');
const pngFrames = [0, 17, 90, 181, 300, 359];

describe('FrameHasher', () => {
  // Made with Pillow's Lanczos, columns first (Pillow 12 turns that round for tall pictures), and SciPy 1.10.1.
  it.each([
    [720, 404, 'cca1964abdd4ae34', '09410a0a12218424'],
    [106, 60, 'cbcf000f5e58d9d2', 'f1ce99366952b5aa'],
    [1, 1, '0000000000000000', '0000000000000000'],
    [32, 32, '8c336e53a64956ad', 'fffffffffef8f3e7'],
    [9, 8, 'a97c8257c25f8ab1', 'ffffffffffffffff'],
    [33, 7, 'a27fe05db154a1a5', 'ffffffffffffffff'],
    [2, 3000, 'a22a0a0a5f7f2977', 'c3c3101010d3c100'],
    [1920, 1080, 'f1885395ac5789b5', '51219000140a0841'],
  ])('hashes %i x %i pixels as Python does', (width, height, phash, dhash) => {
    const luma = Uint8Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return (x * 3 + y * 5 + Math.floor((x * y) / 7)) % 256;
    });
    const hash = new FrameHasher({ width, height }).hash(luma);
    expect([toHex(hash.phash), toHex(hash.dhash)]).toEqual([phash, dhash]);
  });

  it('gives a flat frame the bit of its mean alone, and a black one none', () => {
    const hasher = new FrameHasher({ width: 720, height: 404 });
    const luma = new Uint8Array(720 * 404);
    expect(hasher.hash(luma)).toEqual({ phash: 0n, dhash: 0n });
    for (const grey of [1, 37, 128, 255]) expect(hasher.hash(luma.fill(grey))).toEqual({ phash: 1n << 63n, dhash: 0n });
  });

  it('refuses sizes that are none and frames that do not fit', () => {
    for (const width of [0, -1, 1.5, NaN]) expect(() => new FrameHasher({ width, height: 4 })).toThrow(FrameSizeError);
    const hasher = new FrameHasher({ width: 4, height: 4 });
    expect(() => hasher.hash(new Uint8Array(15))).toThrow(/a luma frame of 4x4 has 16 bytes, got 15/);
  });

  it.skipIf(golden === undefined)('hashes the golden pictures bit for bit', async () => {
    const clip = JSON.parse(readFileSync(`${golden}/acp-small-cat.json`, 'utf8')) as {
      hashes: { phash: string; dhash: string }[];
    };
    for (const frame of pngFrames) {
      const { hashes } = await hashClip(`${golden}/acp-small-cat-frame${String(frame).padStart(4, '0')}.png`);
      expect(hashes.toHex()).toEqual([clip.hashes[frame]]);
    }
    const { phash, dhash } = JSON.parse(readFileSync(`${golden}/imagehash.json`, 'utf8')) as {
      phash: string;
      dhash: string;
    };
    const { hashes } = await hashClip(`${golden}/imagehash.png`);
    expect(hashes.toHex()).toEqual([{ phash, dhash }]);
  });

  it.skipIf(golden === undefined)('hashes the grey of a picture as the picture', async () => {
    for await (const frame of await openFrames(`${golden}/imagehash.png`)) {
      expect(toHex(new FrameHasher(frame).hash(frame.luma()).phash)).toBe('ba8c84536bd3c366');
    }
  });
});
