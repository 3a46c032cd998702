import { logLoss, reliability } from '@primatrix/metrics';
import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { applyCalibration, fitIsotonic, fitTemperature } from './calibrate.ts';

const classes = ['a', 'b', 'c'];
const lossOf = (predictions: Float64Array, labels: Uint8Array) => logLoss({ classes, predictions, labels });

/** Probabilities that come true as often as they say, then made surer or less sure. */
function drawn(seed: number, sharpness: number, rows = 2000) {
  const rng = new Rng(seed);
  const logits = Float64Array.from({ length: rows * classes.length }, () => 2 * rng.normal() - 1);
  const labels = Uint8Array.from(logits, (z) => (rng.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));
  return { labels, probabilities: logits.map((z) => 1 / (1 + Math.exp(-sharpness * z))) };
}

describe('temperature', () => {
  it.each([0.5, 1, 2])('finds how much too sure predictions are: %s', (sharpness) => {
    const { probabilities, labels } = drawn(1, sharpness);
    const calibration = fitTemperature(probabilities, labels);
    if (calibration.method !== 'temperature') throw new Error(calibration.method);
    expect(calibration.temperature / sharpness).toBeGreaterThan(0.93);
    expect(calibration.temperature / sharpness).toBeLessThan(1.07);
    // The best there is: a little more or less is worse.
    const at = (temperature: number) =>
      lossOf(applyCalibration(probabilities, { method: 'temperature', temperature }), labels);
    expect(at(calibration.temperature)).toBeLessThan(
      Math.min(at(calibration.temperature * 1.001), at(calibration.temperature / 1.001)),
    );
  });

  it('takes certain predictions, right and wrong', () => {
    const probabilities = Float64Array.of(0, 1, 0, 1, 0, 1);
    const right = applyCalibration(probabilities, fitTemperature(probabilities, Uint8Array.of(0, 1, 0, 1, 0, 1)));
    expect(lossOf(right, Uint8Array.of(0, 1, 0, 1, 0, 1))).toBeLessThan(1e-12);
    const wrong = applyCalibration(probabilities, fitTemperature(probabilities, Uint8Array.of(1, 0, 1, 0, 0, 1)));
    expect(lossOf(wrong, Uint8Array.of(1, 0, 1, 0, 0, 1))).toBeLessThan(2);
  });
});

/** Least squares over rising steps, by its formula: the largest over starts of the smallest over ends of means. */
function isotonicByFormula(values: readonly number[], weights: readonly number[]): number[] {
  const mean = (from: number, to: number) => {
    const at = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return (
      at.reduce((sum, i) => sum + (values[i] as number) * (weights[i] as number), 0) /
      at.reduce((sum, i) => sum + (weights[i] as number), 0)
    );
  };
  return values.map((_, i) =>
    Math.max(
      ...Array.from({ length: i + 1 }, (__, from) =>
        Math.min(...Array.from({ length: values.length - i }, (___, to) => mean(from, i + to))),
      ),
    ),
  );
}

describe('isotonic', () => {
  it('is the rising line nearest to the labels, with half a clip of the other kind at either end', () => {
    const rng = new Rng(8);
    const probabilities = Float64Array.from({ length: 40 }, () => rng.uniform());
    const labels = Uint8Array.from(probabilities, (p) => (rng.uniform() < p * p ? 1 : 0));
    const order = [...probabilities.keys()].sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number));
    const expected = isotonicByFormula(
      [1, ...order.map((row) => labels[row] as number), 0],
      [0.5, ...order.map(() => 1), 0.5],
    ).slice(1, -1);
    const got = applyCalibration(probabilities, fitIsotonic(probabilities, labels, 1));
    order.forEach((row, i) => expect(got[row]).toBeCloseTo(expected[i] as number, 12));
  });

  it('mends a bend that no temperature can', () => {
    const { probabilities, labels } = drawn(2, 1);
    const bent = probabilities.map((p) => p ** 3);
    const mended = applyCalibration(bent, fitIsotonic(bent, labels, classes.length));
    const cooled = applyCalibration(bent, fitTemperature(bent, labels));
    expect(lossOf(mended, labels)).toBeLessThan(lossOf(cooled, labels));
    const error = (predictions: Float64Array) =>
      reliability({ classes, predictions, labels }).overall.expectedCalibrationError;
    expect(error(mended)).toBeLessThan(error(bent) / 5);
  });

  it('holds nothing for impossible or certain, however few clips there are', () => {
    const probabilities = Float64Array.of(0.1, 0.2, 0.8, 0.9);
    const calibration = fitIsotonic(probabilities, Uint8Array.of(0, 0, 1, 1), 1);
    const spread = applyCalibration(Float64Array.of(0, 0.1, 0.5, 0.9, 1), calibration);
    expect([...spread]).toEqual([0.2, 0.2, 0.5, 0.8, 0.8].map((p) => expect.closeTo(p, 12)));
    // A class that no clip shows.
    const never = applyCalibration(probabilities, fitIsotonic(probabilities, new Uint8Array(4), 1));
    expect(Math.min(...never)).toBeGreaterThan(0);
    expect(Math.max(...never)).toBeLessThan(0.5);
  });

  it('counts clips of one probability together before it pools', () => {
    const probabilities = Float64Array.from({ length: 12 }, (_, row) => (row < 10 ? 0.1 : 0.2));
    // 3 of 10 at 0.1, then, in either order, 1 of 2 at 0.2: that rises, so nothing is pooled but the ends.
    for (const last of [
      [0, 1],
      [1, 0],
    ]) {
      const labels = Uint8Array.from([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, ...last]);
      const got = applyCalibration(probabilities, fitIsotonic(probabilities, labels, 1));
      expect(got[0]).toBeCloseTo(3.5 / 10.5, 12);
      expect(got[11]).toBeCloseTo(1 / 2.5, 12);
    }
  });

  it('rises, gives equal probabilities one value, and keeps what is missing missing', () => {
    const { probabilities, labels } = drawn(3, 1, 200);
    const coarse = probabilities.map((p) => Math.round(p * 10) / 10);
    const calibration = fitIsotonic(coarse, labels, classes.length);
    const line = Float64Array.from({ length: 303 }, (_, i) => Math.floor(i / 3) / 100);
    const got = applyCalibration(line, calibration);
    for (let i = 3; i < got.length; i++) expect(got[i] as number).toBeGreaterThanOrEqual(got[i - 3] as number);
    if (calibration.method !== 'isotonic') throw new Error(calibration.method);
    for (const { from } of calibration.perClass) expect(new Set(from).size).toBe(from.length);
    expect(applyCalibration(Float64Array.of(Number.NaN, 0, 1), calibration)[0]).toBeNaN();
  });
});
