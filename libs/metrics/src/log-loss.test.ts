import { readFileSync } from 'node:fs';
import { sharedData } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { logLoss, logLossPerClass, shareLogLoss } from './log-loss.ts';

const countsFile = sharedData('golden', 'metrics', 'competition-class-counts.csv');

describe('logLoss', () => {
  it('is the mean over classes of the binary log loss', () => {
    const scored = {
      classes: ['a', 'b'],
      predictions: Float64Array.of(0.5, 0.25, 0.8, 0.1),
      labels: Uint8Array.of(1, 0, 1, 1),
    };
    // a: (-ln 0.5 - ln 0.8) / 2; b: (-ln 0.75 - ln 0.1) / 2
    expect(logLossPerClass(scored)[0]).toBeCloseTo(0.458145365937077, 14);
    expect(logLossPerClass(scored)[1]).toBeCloseTo(1.295133582722913, 14);
    expect(logLoss(scored)).toBeCloseTo(0.876639474329995, 14);
  });

  it('clips at 1e-15, in both directions', () => {
    const one = (p: number, label: number) =>
      logLoss({ classes: ['a'], predictions: Float64Array.of(p), labels: Uint8Array.of(label) });
    expect(one(0, 1)).toBeCloseTo(34.538776394910684, 10);
    expect(one(1e-30, 1)).toBe(one(0, 1));
    expect(one(1e-15, 1)).toBe(one(0, 1));
    expect(one(1e-14, 1)).toBeLessThan(one(0, 1));
    // 1 - 1e-15 is not exact in double precision, so this side is a little off ln(1e-15).
    expect(one(1, 0)).toBeCloseTo(34.53957599234088, 10);
    expect(one(1, 1)).toBeCloseTo(1e-15, 17);
    expect(one(1, 1)).toBeGreaterThan(0);
  });

  it('takes float32 as it is', () => {
    expect(logLoss({ classes: ['a'], predictions: Float32Array.of(1), labels: Uint8Array.of(1) })).toBeCloseTo(
      1e-15,
      17,
    );
    expect(logLoss({ classes: ['a'], predictions: Float32Array.of(0.5), labels: Uint8Array.of(1) })).toBeCloseTo(
      Math.LN2,
      15,
    );
  });

  it.skipIf(countsFile === undefined)('scores the competition class shares 0.091169 (needs PRIMATRIX_DATA)', () => {
    const clips = 204_130;
    const rows = readFileSync(countsFile as string, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const classes = rows.map((row) => row[0] as string);
    const counts = rows.map((row) => Number(row[1]));
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(204_506);
    expect(shareLogLoss(counts, clips)).toBeCloseTo(0.091169, 6);

    // The same from predictions: which rows are positive does not matter to a constant.
    const predictions = new Float64Array(clips * classes.length);
    const labels = new Uint8Array(clips * classes.length);
    for (let row = 0; row < clips; row++) {
      counts.forEach((count, c) => {
        predictions[row * counts.length + c] = count / clips;
        labels[row * counts.length + c] = row < count ? 1 : 0;
      });
    }
    expect(logLoss({ classes, predictions, labels })).toBeCloseTo(shareLogLoss(counts, clips), 11);
  });
});

describe('shareLogLoss', () => {
  it('is the entropy of the shares', () => {
    expect(shareLogLoss([1], 2)).toBeCloseTo(Math.LN2, 15);
    expect(shareLogLoss([0, 4], 4)).toBeCloseTo(1e-15, 16);
  });

  it('refuses impossible counts by class', () => {
    expect(() => shareLogLoss([1, 5], 4)).toThrow('class 1: a count must be a whole number from 0 to 4, got 5');
    expect(() => shareLogLoss([], 4)).toThrow('needs classes');
  });
});
