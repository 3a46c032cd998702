import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClipHashes, hashBits } from './clip-hashes.ts';
import { BadHashError } from './errors.ts';
import { hammingDistance } from './hamming.ts';
import { summariseBlockHashes, summariseHashes } from './hash-summary.ts';
import { fromHex, toHex } from './hex.ts';

const anyHash = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
// Few distinct values too: clips repeat themselves.
const anyClip = fc.array(fc.record({ phash: fc.oneof(anyHash, fc.constantFrom(0n, 1n)), dhash: anyHash }), {
  maxLength: 20,
});

describe('summariseHashes', () => {
  it('is what counting all pairs gives', () => {
    fc.assert(
      fc.property(anyClip, (frames) => {
        const row = summariseHashes(ClipHashes.from(frames));
        for (const name of ['phash', 'dhash'] as const) {
          const hashes = frames.map((frame) => frame[name]);
          const consecutive = hashes.slice(1).map((hash, i) => hammingDistance(hash, hashes[i]!));
          const pairs = hashes.flatMap((hash, i) => hashes.slice(i + 1).map((other) => hammingDistance(hash, other)));
          expect(row[`max_cons_${name}`]).toBe(Math.max(0, ...consecutive));
          expect(row[`max_overall_${name}`]).toBe(Math.max(0, ...pairs));
          expect(row[`avg_cons_${name}`]).toBeCloseTo(mean(consecutive), 10);
          expect(row[`avg_overall_${name}`]).toBeCloseTo(mean(pairs), 10);
        }
      }),
    );
  });

  it('counts block hashes as it counts dHash', () => {
    fc.assert(
      fc.property(anyClip, (frames) => {
        const hashes = ClipHashes.from(frames);
        const row = summariseHashes(hashes);
        const words = Uint32Array.from(
          { length: frames.length * 2 },
          (_, i) => hashes.words[(i >> 1) * 4 + 2 + (i & 1)]!,
        );
        expect(summariseBlockHashes(words)).toEqual({
          max_cons_blockhash: row.max_cons_dhash,
          avg_cons_blockhash: row.avg_cons_dhash,
          max_overall_blockhash: row.max_overall_dhash,
          avg_overall_blockhash: row.avg_overall_dhash,
        });
      }),
    );
  });

  it('is all zeros for one frame and for none', () => {
    for (const frames of [[], [{ phash: 5n, dhash: 9n }]]) {
      expect(new Set(Object.values(summariseHashes(ClipHashes.from(frames))))).toEqual(new Set([0]));
    }
  });
});

describe('ClipHashes', () => {
  it('keeps what it was made from', () => {
    fc.assert(
      fc.property(anyClip, (frames) => {
        const clip = ClipHashes.from(frames);
        expect(frames.map((_, i) => clip.at(i))).toEqual(frames);
        expect(clip.toHex().map(({ phash, dhash }) => ({ phash: fromHex(phash), dhash: fromHex(dhash) }))).toEqual(
          frames,
        );
      }),
    );
  });

  it('refuses frames that it does not have', () => {
    const clip = ClipHashes.from([{ phash: 1n, dhash: 2n }]);
    for (const frame of [-1, 1, 0.5]) expect(() => clip.at(frame)).toThrow(BadHashError);
    expect(() => new ClipHashes(new Uint32Array(3))).toThrow(BadHashError);
  });
});

describe('hashBits', () => {
  it('puts the most significant bit first, pHash before dHash', () => {
    const { dtype, shape, data } = hashBits(ClipHashes.from([{ phash: 1n << 63n, dhash: 1n }]));
    expect([dtype, shape]).toEqual(['uint8', [1, 128]]);
    expect(data.reduce<number[]>((set, bit, i) => (bit === 1 ? [...set, i] : set), [])).toEqual([0, 127]);
  });

  it('puts block hashes behind them', () => {
    const hashes = ClipHashes.from([
      { phash: 1n << 63n, dhash: 1n },
      { phash: 0n, dhash: 0n },
    ]);
    const { shape, data } = hashBits(hashes, Uint32Array.of(1 << 31, 0, 0, 1));
    expect(shape).toEqual([2, 192]);
    expect(data.reduce<number[]>((set, bit, i) => (bit === 1 ? [...set, i] : set), [])).toEqual([0, 127, 128, 383]);
  });
});

describe('hex and distance', () => {
  it('prints 16 digits and reads them back', () => {
    expect(toHex(255n)).toBe('00000000000000ff');
    fc.assert(fc.property(anyHash, (hash) => fromHex(toHex(hash)) === hash));
    for (const text of ['', 'ff', 'g'.repeat(16), '0'.repeat(17)]) expect(() => fromHex(text)).toThrow(BadHashError);
  });

  it('counts the bits that differ', () => {
    fc.assert(
      fc.property(anyHash, anyHash, (a, b) => hammingDistance(a, b) === (a ^ b).toString(2).replaceAll('0', '').length),
    );
  });
});

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
