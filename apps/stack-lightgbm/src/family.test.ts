import type { FeatureMatrix, JsonValue, StackFitInput } from '@primatrix/families';
import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { family } from './family.ts';

const columns = ['first', 'second', 'noise'];
const classes = 3;

/** Class 0 by the first column, class 2 by the second, so that a clip may be of both; class 1 where it is of neither. */
function clips(rows: number, seed: number): { matrix: FeatureMatrix; labels: Uint8Array } {
  const rng = Rng.of(seed, 'clips');
  const data = Float32Array.from({ length: rows * columns.length }, () => (rng.uniform() < 0.05 ? Number.NaN : rng.normal()));
  const labels = new Uint8Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const [first, last] = [(data[row * 3] ?? 0) > 0.2, (data[row * 3 + 1] ?? 0) > 0.2];
    labels.set([Number(first), Number(!first && !last), Number(last)], row * classes);
  }
  return { matrix: { data, rows, columns }, labels };
}

const [train, valid] = [clips(300, 1), clips(200, 2)];
const settings = (target: string): JsonValue => ({ target, rounds: 60, patience: 10, params: { num_leaves: 7, min_data_in_leaf: 5, bagging_fraction: 0.9, bagging_freq: 1 } });
const input = (target: string): StackFitInput => ({
  train: train.matrix, labels: train.labels, valid: valid.matrix, validLabels: valid.labels, classes, settings: settings(target), seed: 3, threads: 1,
});

/** Share of the 0/1 labels that rounding the probabilities gives. */
const agreement = (probabilities: Float64Array): number => probabilities.filter((p, i) => Math.round(p) === valid.labels[i]).length / probabilities.length;

describe.each(['last-positive', 'one-vs-rest'])('target %s', (target) => {
  it('learns, survives its text, and gives the same bytes for the same seed', async () => {
    const model = await family.fit(input(target));
    const predicted = await model.predict(valid.matrix);
    const text = await model.toText();
    const again = await family.load(text);
    expect(await again.predict(valid.matrix)).toEqual(predicted);
    expect(await again.toText()).toBe(text);
    const twin = await family.fit(input(target));
    expect(await twin.toText()).toBe(text);
    const gains = [...(await again.importance())];
    expect(Math.min(gains[0] ?? 0, gains[1] ?? 0)).toBeGreaterThan(5 * (gains[2] ?? 0));
    for (const one of [model, again, twin]) one.dispose();

    const sums = Array.from({ length: valid.matrix.rows }, (_, row) => predicted.subarray(row * classes, (row + 1) * classes).reduce((sum, p) => sum + p, 0));
    if (target === 'last-positive') expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-6);
    else expect(agreement(predicted)).toBeGreaterThan(0.93);
  });
});

it('tells clips of two classes by both of them only one-vs-rest', async () => {
  const shares: number[] = [];
  for (const target of ['last-positive', 'one-vs-rest']) {
    const model = await family.fit(input(target));
    shares.push(agreement(await model.predict(valid.matrix)));
    model.dispose();
  }
  expect(shares[1]).toBeGreaterThan((shares[0] ?? 1) + 0.03);
});

it('ends when it is told to', async () => {
  const controller = new AbortController();
  await expect(family.fit({ ...input('last-positive'), signal: controller.signal, onRound: () => controller.abort(new Error('enough')) })).rejects.toThrow('enough');
});

it('has the original’s figures, and takes its own settings', () => {
  expect(Object.keys(family.variants.competition)).toEqual(['a', 'b']);
  expect(family.variants.competition['a']).toMatchObject({ target: 'last-positive', rounds: 10_000, patience: 50, params: { learning_rate: 0.01, num_leaves: 63, min_data_in_leaf: 1000 } });
});

it('refuses settings and models that are not its own', async () => {
  await expect(family.fit({ ...input('last-positive'), settings: { ...(settings('both') as object) } })).rejects.toThrow(/target/);
  await expect(family.load('{"nothing": 1}')).rejects.toThrow();
});
