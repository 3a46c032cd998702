import { describe, expect, it } from 'vitest';
import { chooseStrength } from './choose-strength.ts';
import { clusters, shareRight } from './clusters.fixture.ts';
import { leaveGroupsOut } from './leave-groups-out.ts';
import { fitLinearProbe, usualStrength } from './linear-probe.ts';
import { pooledEmbedding } from './pooled-embedding.ts';

describe('leaveGroupsOut', () => {
  it('never has a group on both sides, and judges only clips whose class is known from others', async () => {
    const known = clusters({ classes: 3, each: 4, width: 2, spread: 1 });
    // Class 2 is at site c alone.
    const groups = Array.from({ length: 12 }, (_, row) => (row % 3 === 2 ? 'c' : row % 2 === 0 ? 'a' : 'b'));
    const seen: number[][] = [];
    const { probabilities, judged } = await leaveGroupsOut(known, groups, {
      predict: async (train, rows) => {
        seen.push([train.rows, rows.rows]);
        return new Float64Array(rows.rows * 3).fill(1 / 3);
      },
    });
    expect(seen).toEqual([
      [8, 4],
      [8, 4],
      [8, 4],
    ]);
    expect(judged).toEqual([0, 1, 3, 4, 6, 7, 9, 10]);
    expect(probabilities.every((p) => p === 1 / 3)).toBe(true);
  });

  it('deals groups to as many parts as it may make, and leaves what nothing can predict', async () => {
    const known = clusters({ classes: 2, each: 5, width: 2, spread: 1 });
    const groups = Array.from({ length: 10 }, (_, row) => `clip ${row}`);
    const parts: number[] = [];
    const predict = async (_train: unknown, { rows }: { rows: number }, part: number) => {
      parts.push(part);
      return new Float64Array(rows * 2).fill(0.5);
    };
    await leaveGroupsOut(known, groups, { parts: 4, predict });
    expect(parts).toEqual([0, 1, 2, 3]);
    const one = await leaveGroupsOut(known, groups.fill('all'), { predict });
    expect(one.judged).toEqual([]);
    expect(one.probabilities.every((p) => Number.isNaN(p))).toBe(true);
  });
});

describe('chooseStrength', () => {
  const sites = (rows: number) => Array.from({ length: rows }, (_, row) => `${row % 7}`);

  it('takes a weak one where columns are noise, a strong one where they tell', async () => {
    const noise = clusters({ classes: 2, each: 20, width: 20, spread: 60 });
    const clear = clusters({ classes: 2, each: 20, width: 20, spread: 0.3 });
    const weak = await chooseStrength(noise, sites(40));
    const strong = await chooseStrength(clear, sites(40));
    expect(weak).toBeLessThan(strong);
    expect(strong).toBe(10);
  });

  it('has a usual one where nothing can be judged', async () => {
    const one = clusters({ classes: 3, each: 1, width: 4, spread: 1 });
    expect(await chooseStrength(one, ['a', 'b', 'c'])).toBe(usualStrength);
  });
});

it('says by left-out groups what a probe is worth', async () => {
  const known = clusters({ classes: 4, each: 6, width: 12, spread: 0.5 });
  const groups = Array.from({ length: known.rows }, (_, row) => `${row}`);
  const { probabilities, judged } = await leaveGroupsOut(known, groups, {
    predict: async (train, rows) => (await fitLinearProbe(train)).predict(rows),
  });
  expect(judged).toHaveLength(24);
  expect(shareRight(probabilities, known)).toBeGreaterThan(0.9);
});

describe('pooledEmbedding', () => {
  it('is the mean of frames, of length 1', () => {
    const pooled = pooledEmbedding(Float32Array.of(4, 0, 2, 8), 2);
    expect(pooled?.[0]).toBeCloseTo(0.6, 6);
    expect(pooled?.[1]).toBeCloseTo(0.8, 6);
  });

  it('is none of no frames, and of zeros', () => {
    expect(pooledEmbedding(new Float32Array(), 2)).toBeUndefined();
    expect(pooledEmbedding(new Float32Array(4), 2)).toBeUndefined();
    expect(pooledEmbedding(Float32Array.of(Number.NaN, 1), 2)).toBeUndefined();
  });
});
