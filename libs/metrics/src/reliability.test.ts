import { describe, expect, it } from 'vitest';
import { brierScore, brierScorePerClass, reliability } from './reliability.ts';

const scored = {
  classes: ['a', 'b'],
  predictions: Float64Array.of(0.1, 0.9, 0.2, 1.0, 0.7, 0.0, 0.5, 0.6),
  labels: Uint8Array.of(0, 1, 1, 1, 1, 0, 0, 0),
};

describe('reliability', () => {
  it('bins all predictions, and each class alone', () => {
    const { overall, perClass } = reliability(scored, { bins: 2 });
    expect(overall.bins.map((bin) => bin.count)).toEqual([3, 5]);
    expect(overall.bins[0]).toMatchObject({ from: 0, to: 0.5, observed: 1 / 3 });
    expect(overall.bins[0]?.meanPredicted).toBeCloseTo(0.1, 15);
    // 0.5 itself belongs to the upper bin, and so does 1.
    expect(overall.bins[1]).toMatchObject({ from: 0.5, to: 1, observed: 3 / 5 });
    expect(overall.bins[1]?.meanPredicted).toBeCloseTo(3.7 / 5, 15);
    expect(overall.expectedCalibrationError).toBeCloseTo((3 * (1 / 3 - 0.1) + 5 * (0.74 - 0.6)) / 8, 15);

    expect(perClass.map((curve) => curve.bins.map((bin) => bin.count))).toEqual([
      [2, 2],
      [1, 3],
    ]);
    expect(perClass[0]?.expectedCalibrationError).toBeCloseTo((2 * 0.35 + 2 * 0.1) / 4, 15);
  });

  it('leaves an empty bin empty', () => {
    const { overall } = reliability(scored);
    expect(overall.bins).toHaveLength(10);
    expect(overall.bins[3]).toEqual({ from: 0.3, to: 0.4, count: 0, meanPredicted: null, observed: null });
  });

  it('finds no error in probabilities that come true as often as they say', () => {
    const predictions = new Float64Array(100).fill(0.25);
    const labels = Uint8Array.from(predictions, (_, row) => (row % 4 === 0 ? 1 : 0));
    expect(reliability({ classes: ['a'], predictions, labels }).overall.expectedCalibrationError).toBe(0);
  });

  it.each([0, 1.5, Number.NaN])('refuses %s bins', (bins) => {
    expect(() => reliability(scored, { bins })).toThrow('whole number from 1');
  });
});

describe('brierScore', () => {
  it('is the mean over classes of the squared distance', () => {
    expect(brierScorePerClass(scored)[0]).toBeCloseTo((0.01 + 0.64 + 0.09 + 0.25) / 4, 15);
    expect(brierScorePerClass(scored)[1]).toBeCloseTo((0.01 + 0 + 0 + 0.36) / 4, 15);
    expect(brierScore(scored)).toBeCloseTo((0.99 / 4 + 0.37 / 4) / 2, 15);
  });
});
