import { readFileSync } from 'node:fs';
import { sharedData } from '@primatrix/testkit';
import { openFrames } from '@primatrix/video';
import { describe, expect, it } from 'vitest';
import { hashClip, hashFrames } from './hash-frames.ts';
import { summariseHashes } from './hash-summary.ts';
import type { HashSummary } from './hash-summary.ts';
import { hashBits } from './clip-hashes.ts';
import { fromHex } from './hex.ts';

const clip = sharedData('clips', 'ACP0006s6f-small-cat.mp4');
const colour = sharedData('clips', 'savanna_Grumeti_Tanzania_K38_check3_09190048_Hyena.AVI');
const goldenFile = sharedData('golden', 'image-hash', 'acp-small-cat.json');

interface Golden {
  readonly hashes: readonly { phash: string; dhash: string }[];
  readonly row: HashSummary;
}

const grey = (width: number, height: number, value: (i: number) => number) => ({
  width,
  height,
  luma: () => Uint8Array.from({ length: width * height }, (_, i) => value(i)),
});

describe('hashFrames', () => {
  it('takes frames of changing size, from memory too', async () => {
    const frames = [grey(20, 10, (i) => i), grey(30, 7, (i) => 255 - i), grey(20, 10, (i) => i)];
    const hashes = await hashFrames(frames);
    expect(hashes.frames).toBe(3);
    expect(hashes.at(2)).toEqual(hashes.at(0));
    expect(hashes.at(1)).not.toEqual(hashes.at(0));
    expect((await hashFrames([])).frames).toBe(0);
  });

  it('outgrows its first block of words', async () => {
    const hashes = await hashFrames(Array.from({ length: 600 }, (_, n) => grey(9, 8, (i) => (i * n) % 251)));
    expect(hashes.frames).toBe(600);
    expect(hashes.at(599)).toEqual((await hashFrames([grey(9, 8, (i) => (i * 599) % 251)])).at(0));
  });

  it.skipIf(colour === undefined)('makes the same hashes of a frame and of its planes', async () => {
    const owned = await hashFrames(await openFrames(colour!));
    const { hashes, outcome } = await hashClip(colour!);
    expect(hashes.words).toEqual(owned.words);
    expect(outcome.status).toBe('ok');
  });
});

describe.skipIf(clip === undefined || goldenFile === undefined)('the golden clip', () => {
  const golden = (): Golden => JSON.parse(readFileSync(goldenFile!, 'utf8')) as Golden;

  it('has every bit and every summary number of Python', async () => {
    const { hashes, outcome } = await hashClip(clip!);
    expect(outcome.status).toBe('ok');
    expect(hashes.toHex()).toEqual(golden().hashes);
    const row = summariseHashes(hashes);
    for (const [name, value] of Object.entries(golden().row)) {
      expect(row[name as keyof HashSummary]).toBeCloseTo(value, 12);
    }
    const bits = hashBits(hashes);
    expect(bits.shape).toEqual([360, 128]);
    expect(fromBits(bits.data.subarray(0, 64))).toBe(fromHex(golden().hashes[0]!.phash));
    expect(fromBits(bits.data.subarray(359 * 128 + 64))).toBe(fromHex(golden().hashes[359]!.dhash));
  });

  it('has them from luma alone as well, for it is a night clip', async () => {
    const hashes = await hashFrames(await openFrames(clip!, { layout: 'luma' }));
    expect(hashes.toHex()).toEqual(golden().hashes);
  });
});

function fromBits(bits: Uint8Array): bigint {
  return bits.reduce((value, bit) => (value << 1n) | BigInt(bit), 0n);
}
