import type { EnsembleFamily, EnsembleMember } from '@primatrix/families';
import { describe, expect, it } from 'vitest';
import { nestedPredictions, type EnsembleClips } from './nested-ensemble.ts';

const classes = 2;

/** All weight to the member nearest to the labels; the calibration is the mean label. Both show exactly what they were told. */
const nearest: EnsembleFamily = {
  kind: 'ensemble',
  name: 'nearest',
  version: '1.0.0',
  summary: 'the nearest member',
  settings: {} as EnsembleFamily['settings'],
  weigh(_how, members, labels) {
    const distances = members.map(({ probabilities }) =>
      probabilities.reduce((sum, p, i) => sum + Math.abs(p - (labels[i] as number)), 0),
    );
    const best = distances.indexOf(Math.min(...distances));
    return Object.fromEntries(members.map(({ name }, m) => [name, m === best ? 1 : 0]));
  },
  calibrate: (_method, _probabilities, labels) => ({
    method: 'temperature',
    temperature: labels.reduce((sum, label) => sum + label, 0) / labels.length,
  }),
  combine(members: readonly EnsembleMember[], weights, calibration) {
    const chosen = members.find(({ name }) => weights[name] === 1)?.probabilities ?? new Float64Array();
    return calibration?.method === 'temperature' ? chosen.map((p) => p * calibration.temperature) : chosen;
  },
};

const rows = 9;
const folds = Int32Array.from({ length: rows }, (_, row) => (row % 3) + 1);
const labels = Uint8Array.from({ length: rows * classes }, (_, i) => (i % 5 === 0 ? 1 : 0));
const members = [
  { name: 'right', probabilities: Float64Array.from(labels, (label) => 0.1 + 0.8 * label) },
  { name: 'wrong', probabilities: Float64Array.from(labels, (label) => 0.9 - 0.8 * label) },
];
const clips: EnsembleClips = { members, labels, folds, classes };
const how = { weights: 'coordinate', calibration: 'temperature' } as const;

describe('nestedPredictions', () => {
  it('learns weights and calibration of each fold on the others', () => {
    const found = nestedPredictions(nearest, clips, how);
    for (let row = 0; row < rows; row++) {
      const others = [...folds.keys()].filter((other) => folds[other] !== folds[row]);
      const positives = others
        .flatMap((other) => [...labels.subarray(other * classes, (other + 1) * classes)])
        .reduce((sum, label) => sum + label, 0);
      for (let c = 0; c < classes; c++) {
        expect(found[row * classes + c]).toBeCloseTo(
          (members[0]?.probabilities[row * classes + c] as number) * (positives / (others.length * classes)),
          12,
        );
      }
    }
  });

  it('does not notice the labels of the fold that it predicts', () => {
    const before = nestedPredictions(nearest, clips, how);
    const other = labels.map((label, i) => (folds[Math.floor(i / classes)] === 2 ? 1 - label : label));
    const after = nestedPredictions(nearest, { ...clips, labels: other }, how);
    const inSecond = (i: number) => folds[Math.floor(i / classes)] === 2;
    expect([...after].filter((_, i) => inSecond(i))).toEqual([...before].filter((_, i) => inSecond(i)));
    expect([...after].filter((_, i) => !inSecond(i))).not.toEqual([...before].filter((_, i) => !inSecond(i)));
  });
});
