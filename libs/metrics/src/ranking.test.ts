import { describe, expect, it } from 'vitest';
import { confusionMatrix } from './confusion.ts';
import { accuracy, averagePrecision, topK } from './ranking.ts';

const classes = ['a', 'b', 'c', 'd'];
const scored = {
  classes,
  predictions: Float64Array.of(
    0.9,
    0.1,
    0.2,
    0.0, // top a
    0.3,
    0.6,
    0.5,
    0.1, // top b
    0.4,
    0.3,
    0.2,
    0.1, // top a
    0.5,
    0.5,
    0.5,
    0.5, // all equal: rank by column
  ),
  labels: Uint8Array.of(
    1,
    0,
    0,
    0, // hit
    0,
    0,
    1,
    0, // c is second
    0,
    0,
    0,
    1, // d is last
    0,
    1,
    1,
    0, // b ranks second by column order
  ),
};

describe('top-k', () => {
  it('counts rows with a present class among the k highest', () => {
    expect(accuracy(scored)).toBe(0.25);
    expect(topK(scored, 2)).toBe(0.75);
    expect(topK(scored, 3)).toBe(0.75);
    expect(topK(scored, 4)).toBe(1);
  });

  it('accepts any of several present classes', () => {
    expect(accuracy({ classes: ['a', 'b'], predictions: Float32Array.of(0.1, 0.9), labels: Uint8Array.of(1, 1) })).toBe(
      1,
    );
  });

  it('counts a row without classes as missed', () => {
    expect(topK({ classes: ['a', 'b'], predictions: Float32Array.of(0.1, 0.9), labels: Uint8Array.of(0, 0) }, 2)).toBe(
      0,
    );
  });

  it('refuses k out of range', () => {
    expect(() => topK(scored, 5)).toThrow('from 1 to 4, got 5');
    expect(() => topK(scored, 0)).toThrow('from 1 to 4, got 0');
  });
});

describe('averagePrecision', () => {
  const one = (predictions: number[], labels: number[]) =>
    averagePrecision({
      classes: ['a'],
      predictions: Float64Array.from(predictions),
      labels: Uint8Array.from(labels),
    })[0];

  it('sums precision at each positive', () => {
    // Ranked: 1 (P=1), 0, 1 (P=2/3), 0 -> (1 + 2/3) / 2
    expect(one([0.9, 0.8, 0.7, 0.1], [1, 0, 1, 0])).toBeCloseTo(5 / 6, 15);
    expect(one([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo((1 + 2 / 3) / 2, 15);
  });

  it('takes equal predictions together, whatever their order', () => {
    expect(one([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0])).toBe(0.25);
    expect(one([0.5, 0.5, 0.5, 0.5], [0, 0, 0, 1])).toBe(0.25);
  });

  it('is 1 for a perfect ranking and NaN for a class that no row has', () => {
    expect(one([0.2, 0.9, 0.3], [0, 1, 1])).toBe(1);
    expect(one([0.2, 0.9], [0, 0])).toBeNaN();
  });
});

describe('confusionMatrix', () => {
  it('counts by true and predicted class', () => {
    const matrix = confusionMatrix(scored);
    // Row 3 is b and c, predicted a: it counts under c, its last class.
    expect([...matrix.counts]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0]);
    expect(matrix.unlabelled).toBe(0);
  });

  it('counts a row of several classes as right when one of them is predicted, and sets rows without class apart', () => {
    const matrix = confusionMatrix({
      classes: ['a', 'b'],
      predictions: Float64Array.of(0.9, 0.1, 0.9, 0.1),
      labels: Uint8Array.of(1, 1, 0, 0),
    });
    expect([...matrix.counts]).toEqual([1, 0, 0, 0]);
    expect(matrix.unlabelled).toBe(1);
  });
});
