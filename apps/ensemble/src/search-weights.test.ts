import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';
import { searchWeights } from './search-weights.ts';

const classes = 3;

function member(name: string, labels: Uint8Array, noise: number, seed: number) {
  const rng = new Rng(seed);
  const probabilities = Float64Array.from(labels, (label) => Math.min(0.99, Math.max(0.01, label * 0.8 + 0.1 + noise * (rng.uniform() - 0.5))));
  return { name, probabilities };
}

const labels = Uint8Array.from({ length: 60 * classes }, (_, i) => (Math.floor(i / classes) % classes === i % classes ? 1 : 0));

describe('searchWeights', () => {
  it('gives weights that add to 1 and leave useless members out', () => {
    const weights = searchWeights([member('good', labels, 0.1, 1), member('noise', labels.map((l) => 1 - l), 0.1, 2)], labels, classes);
    expect(weights).toEqual({ good: 1, noise: 0 });
  });

  it('keeps members that help each other', () => {
    const weights = searchWeights([member('x', labels, 1.4, 3), member('y', labels, 1.4, 4)], labels, classes);
    expect((weights['x'] ?? 0) * (weights['y'] ?? 0)).toBeGreaterThan(0);
    expect((weights['x'] ?? 0) + (weights['y'] ?? 0)).toBeCloseTo(1, 12);
  });
});

describe('combine', () => {
  it('is the weighted mean', () => {
    const a = { name: 'a', probabilities: Float64Array.of(0.2, 0.4) };
    const b = { name: 'b', probabilities: Float64Array.of(0.6, 0) };
    expect([...combine([a, b], { a: 0.25, b: 0.75 })].map((p) => Number(p.toFixed(12)))).toEqual([0.5, 0.1]);
  });

  it('names a member that is missing', () => {
    expect(() => combine([{ name: 'a', probabilities: Float64Array.of(1) }], { b: 1 })).toThrow("member 'b'");
  });
});
