import { logLoss } from '@primatrix/metrics';
import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';
import { MixtureLoss } from './mixture-loss.ts';
import { simplexTolerance, simplexWeights } from './simplex-weights.ts';

const classes = ['a', 'b', 'c', 'd'];

/** Members that see the same truth, each with noise of its own. */
function drawn(seed: number, noises: readonly number[], rows = 80) {
  const rng = new Rng(seed);
  const labels = Uint8Array.from({ length: rows * classes.length }, () => (rng.uniform() < 0.3 ? 1 : 0));
  const members = noises.map((noise, i) => ({
    name: `${i}`,
    probabilities: Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-(2 * label - 1) - noise * rng.normal()))),
  }));
  return { members, labels };
}

/** All weights that are multiples of 1 / steps. */
function* grid(members: number, steps: number): Generator<number[]> {
  if (members === 1) yield [steps];
  else {
    for (let first = 0; first <= steps; first++) {
      for (const rest of grid(members - 1, steps - first)) yield [first, ...rest];
    }
  }
}

describe('MixtureLoss', () => {
  const { members, labels } = drawn(1, [1, 2, 3]);
  const loss = new MixtureLoss(members, labels);
  const weights = [0.2, 0.3, 0.5];

  it('is the log loss of the weighted mean', () => {
    const predictions = combine(members, { 0: 0.2, 1: 0.3, 2: 0.5 });
    expect(loss.at(weights)).toBeCloseTo(logLoss({ classes, predictions, labels }), 12);
    expect(loss.slopeAt(weights).loss).toBe(loss.at(weights));
  });

  it('has the slope and the curvature of differences', () => {
    const { gradient, curvature } = loss.slopeAt(weights);
    const moved = (m: number, by: number) => weights.map((w, i) => (i === m ? w + by : w));
    for (let m = 0; m < 3; m++) {
      expect(gradient[m]).toBeCloseTo((loss.at(moved(m, 1e-5)) - loss.at(moved(m, -1e-5))) / 2e-5, 7);
      for (let n = 0; n < 3; n++) {
        const slopes = [1e-5, -1e-5].map((by) => loss.slopeAt(moved(n, by)).gradient[m] as number) as [number, number];
        expect(curvature[m * 3 + n]).toBeCloseTo((slopes[0] - slopes[1]) / 2e-5, 6);
      }
    }
  });

  it('refuses members that do not fit', () => {
    expect(() => new MixtureLoss([{ name: 'short', probabilities: Float64Array.of(1) }], labels)).toThrow(
      '320 probabilities each, got 1',
    );
    expect(() => new MixtureLoss([], labels)).toThrow('no member');
  });
});

describe('simplexWeights', () => {
  it.each([
    ['members that all help', 2, [1.5, 1.6, 1.7, 1.8]],
    ['members of which some are useless', 3, [1, 4, 5, 1.2]],
    ['one far better than the rest', 4, [0.2, 5, 5, 5]],
    ['few clips', 5, [2, 2, 2, 2]],
  ])('are as good as the best of a grid: %s', (_, seed, noises) => {
    const { members, labels } = drawn(seed, noises, seed === 5 ? 5 : 80);
    const loss = new MixtureLoss(members, labels);
    const weights = simplexWeights(loss);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
    let [best, bestAt] = [Number.POSITIVE_INFINITY, [] as number[]];
    for (const steps of grid(4, 20)) {
      const found = loss.at(steps.map((w) => w / 20));
      if (found < best) [best, bestAt] = [found, steps];
    }
    // No grid point is better by more than the tolerance, and the best one lies next to the weights found.
    expect(loss.at(weights)).toBeLessThanOrEqual(best + simplexTolerance);
    expect(best - loss.at(weights)).toBeLessThan(0.01);
    bestAt.forEach((w, m) => expect(Math.abs(w / 20 - (weights[m] as number))).toBeLessThan(0.1));
  });

  it('shares weight among members that are the same, and knows certain mistakes', () => {
    const { members, labels } = drawn(6, [1]);
    const twin = { name: 'twin', probabilities: (members[0] as { probabilities: Float64Array }).probabilities };
    const wrong = { name: 'wrong', probabilities: Float64Array.from(labels, (label) => 1 - label) };
    const weights = simplexWeights(new MixtureLoss([...members, twin, wrong], labels));
    expect((weights[0] as number) + (weights[1] as number)).toBeCloseTo(1, 6);
    const alone = new MixtureLoss(members, labels);
    expect(new MixtureLoss([...members, wrong], labels).at([1, 0])).toBe(alone.at([1]));
  });

  it('comes out the same every time', () => {
    const { members, labels } = drawn(7, [1, 2, 3]);
    expect(simplexWeights(new MixtureLoss(members, labels))).toEqual(simplexWeights(new MixtureLoss(members, labels)));
  });
});
