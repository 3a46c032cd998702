import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { family } from './family.ts';

const classes = 3;

function member(name: string, labels: Uint8Array, noise: number, seed: number) {
  const rng = new Rng(seed);
  const probabilities = Float64Array.from(labels, (label) =>
    Math.min(0.99, Math.max(0.01, label * 0.8 + 0.1 + noise * (rng.uniform() - 0.5))),
  );
  return { name, probabilities };
}

const labels = Uint8Array.from({ length: 60 * classes }, (_, i) =>
  Math.floor(i / classes) % classes === i % classes ? 1 : 0,
);

describe('coordinate weights', () => {
  it('add to 1 and leave useless members out', () => {
    const weights = family.weigh(
      'coordinate',
      [
        member('good', labels, 0.1, 1),
        member(
          'noise',
          labels.map((l) => 1 - l),
          0.1,
          2,
        ),
      ],
      labels,
      classes,
    );
    expect(weights).toEqual({ good: 1, noise: 0 });
  });

  it('keep members that help each other', () => {
    const weights = family.weigh(
      'coordinate',
      [member('x', labels, 1.4, 3), member('y', labels, 1.4, 4)],
      labels,
      classes,
    );
    expect((weights['x'] ?? 0) * (weights['y'] ?? 0)).toBeGreaterThan(0);
    expect((weights['x'] ?? 0) + (weights['y'] ?? 0)).toBeCloseTo(1, 12);
  });
});

describe('original weights', () => {
  it('are 2 for XGBoost and the dense nets, 4 for LightGBM', () => {
    const names = [
      'stack-xgboost-a',
      'stack-xgboost-b',
      'stack-lightgbm-a',
      'stack-lightgbm-b',
      'stack-dense-v2',
      'stack-dense-v3',
    ];
    const weights = family.weigh(
      'original',
      names.map((name) => member(name, labels, 0.1, 1)),
      labels,
      classes,
    );
    expect(Object.entries(weights).map(([name, weight]) => [name, Math.round(16 * weight)])).toEqual(
      names.map((name, i) => [name, [2, 2, 4, 4, 2, 2][i]]),
    );
  });
});
