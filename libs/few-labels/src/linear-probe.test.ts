import { describe, expect, it } from 'vitest';
import { clusters, shareRight } from './clusters.fixture.ts';
import { fitLinearProbe, type LinearProbe } from './linear-probe.ts';
import type { LabelledRows } from './rows.ts';

/** C times the sum of cross-entropies plus half the squared weights, computed plainly. */
function objective(probe: LinearProbe, { data, rows, width, labels, classes }: LabelledRows, strength: number): number {
  let sum = 0.5 * probe.weights.reduce((total, weight) => total + weight * weight, 0);
  for (let row = 0; row < rows; row++) {
    const logits = Array.from({ length: classes }, (_, c) => {
      let logit = probe.bias[c] as number;
      for (let i = 0; i < width; i++) {
        const value = ((data[row * width + i] as number) - (probe.mean[i] as number)) / (probe.deviation[i] as number);
        logit += value * (probe.weights[i * classes + c] as number);
      }
      return logit;
    });
    const total = Math.log(logits.reduce((all, logit) => all + Math.exp(logit), 0));
    const own = labels.subarray(row * classes, (row + 1) * classes);
    const shown = own.reduce((all, label) => all + label, 0);
    own.forEach((label, c) => (sum += ((strength * label) / shown) * (total - (logits[c] as number))));
  }
  return sum;
}

describe('fitLinearProbe', () => {
  it.each([0.01, 1, 100])('finds the least of its objective, strength %s', async (strength) => {
    const known = clusters({ classes: 3, each: 15, width: 6, spread: 1.5 });
    const probe = await fitLinearProbe(known, { strength });
    const least = objective(probe, known, strength);
    for (const [part, size] of [
      ['weights', 18],
      ['bias', 3],
    ] as const) {
      for (let i = 0; i < size; i++) {
        for (const step of [-0.05, 0.05]) {
          const moved = Float32Array.from(probe[part], (value, at) => value + (at === i ? step : 0));
          expect(objective({ ...probe, [part]: moved }, known, strength)).toBeGreaterThan(least);
        }
      }
    }
  });

  it('meets two classes on a line where the derivative says', async () => {
    // Standardised to -1 and 1; both classes have weights of -w and w: C * 2 * (1 - p) = w, where p = 1 / (1 + e^-2w).
    const known = { data: Float32Array.of(3, 5), rows: 2, width: 1, labels: Uint8Array.of(1, 0, 0, 1), classes: 2 };
    const probe = await fitLinearProbe(known, { strength: 1 });
    let [low, high] = [0, 2];
    for (let i = 0; i < 60; i++) {
      const w = (low + high) / 2;
      if (2 * (1 - 1 / (1 + Math.exp(-2 * w))) > w) low = w;
      else high = w;
    }
    expect(probe.weights[1]).toBeCloseTo(low, 3);
    expect([...(await probe.predict(known))][0]).toBeCloseTo(1 / (1 + Math.exp(-2 * low)), 3);
  });

  it('learns from one clip a class, and gives rows that add to 1', async () => {
    const known = clusters({ classes: 4, each: 1, width: 32, spread: 0.2 });
    const others = clusters({ classes: 4, each: 25, width: 32, spread: 0.2 });
    const predicted = await (await fitLinearProbe(known, { scaledBy: others })).predict(others);
    expect(shareRight(predicted, others)).toBeGreaterThan(0.95);
    expect(predicted.subarray(0, 4).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it('counts classes alike where it is to, and says little of one that has no clip', async () => {
    const { data, width } = clusters({ classes: 2, each: 20, width: 4, spread: 3 });
    // 38 of the first class, 2 of the second, none of the third.
    const labels = new Uint8Array(120);
    for (let row = 0; row < 40; row++) labels[row * 3 + (row < 38 ? 0 : 1)] = 1;
    const known = { data, rows: 40, width, labels, classes: 3 };
    const meanOf = async (balanced: boolean, c: number) => {
      const predicted = await (await fitLinearProbe(known, { strength: 0.001, balanced })).predict(known);
      return predicted.reduce((sum, p, i) => sum + (i % 3 === c ? p / 40 : 0), 0);
    };
    expect(await meanOf(false, 1)).toBeCloseTo(0.05, 2);
    expect(await meanOf(true, 1)).toBeCloseTo(0.5, 1);
    expect(await meanOf(false, 2)).toBeLessThan(0.01);
  });

  it('tells each class from the rest where it is to: a clip may show two', async () => {
    // Two classes that come and go by themselves, each along a column of its own.
    const rows = 40;
    const data = Float32Array.from(
      { length: rows * 2 },
      (_, i) => (Math.floor(i / 2 / (i % 2 === 0 ? 1 : 2)) % 2) + 0.01 * i,
    );
    const labels = Uint8Array.from({ length: rows * 3 }, (_, i) => {
      const row = Math.floor(i / 3);
      if (i % 3 === 2) return 1;
      return i % 3 === 0 ? row % 2 : Math.floor(row / 2) % 2;
    });
    const known = { data, rows, width: 2, labels, classes: 3 };
    const probe = await fitLinearProbe(known, { oneAgainstRest: true, strength: 100 });
    const predicted = await probe.predict(known);
    expect(predicted.every((p, i) => p > 0.5 === (labels[i] === 1))).toBe(true);
    // Where its objective is least, mean probabilities are the shares of the labels.
    const meanOf = (values: ArrayLike<number>, c: number) =>
      Array.from(values).reduce((sum, value, i) => sum + (i % 3 === c ? value / rows : 0), 0);
    for (const c of [0, 1]) expect(meanOf(predicted, c)).toBeCloseTo(meanOf(labels, c), 3);
  });

  it('passes over columns that never change', async () => {
    const known = {
      data: Float32Array.of(7, 0, 7, 1),
      rows: 2,
      width: 2,
      labels: Uint8Array.of(1, 0, 0, 1),
      classes: 2,
    };
    expect(shareRight(await (await fitLinearProbe(known)).predict(known), known)).toBe(1);
  });

  it('refuses what does not fit', async () => {
    const known = clusters({ classes: 2, each: 2, width: 3, spread: 1 });
    await expect(fitLinearProbe({ ...known, labels: new Uint8Array(8) })).rejects.toThrow('row 0 must show');
    await expect(fitLinearProbe({ ...known, data: known.data.fill(Number.NaN, 3, 4) })).rejects.toThrow(
      'row 1 holds NaN',
    );
    await expect(fitLinearProbe({ ...known, rows: 5 })).rejects.toThrow('must have 15, got 12');
  });
});
