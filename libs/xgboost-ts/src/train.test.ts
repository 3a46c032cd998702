import { noisyClasses } from '@primatrix/boosting/conformance';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Dataset, train, XgboostError } from './index.ts';
import type { RoundInfo, TrainOptions, XgboostParams } from './index.ts';

// What only XGBoost has or does; what all tree libraries must do is in conformance.test.ts.

const tables = noisyClasses();
const params: XgboostParams = {
  objective: 'multi:softprob',
  num_class: 3,
  max_depth: 4,
  tree_method: 'exact',
  eta: 0.1,
};
let trainSet: Dataset;
let validSet: Dataset;

beforeAll(async () => {
  trainSet = await Dataset.create({ ...tables.train, threads: 2 });
  validSet = await Dataset.create({ ...tables.valid, threads: 2 });
});

afterAll(() => {
  trainSet.dispose();
  validSet.dispose();
});

const options = (more: Partial<TrainOptions>): TrainOptions => ({
  params,
  train: trainSet,
  rounds: 10,
  threads: 2,
  ...more,
});

it('goes on from a booster that was trained with a validation set, and only with as many outputs', async () => {
  using first = await train(options({ rounds: 6, seed: 3, valid: { valid: validSet } }));
  using booster = await train(options({ from: first, rounds: 4, seed: 3 }));
  using whole = await train(options({ rounds: 10, seed: 3 }));
  expect(booster.rounds).toBe(10);
  const [a, b] = [
    await booster.predict(tables.valid, { type: 'raw' }),
    await whole.predict(tables.valid, { type: 'raw' }),
  ];
  expect(Math.max(...a.data.map((value, index) => Math.abs(value - (b.data[index] ?? Number.NaN))))).toBeLessThan(1e-4);
  await expect(train(options({ from: first, params: { objective: 'binary:logistic' } }))).rejects.toThrow(
    /3 outputs, params.num_class is 1/,
  );
});

it('keeps the best round after the earlier ones when it goes on', async () => {
  using first = await train(options({ rounds: 5, seed: 3 }));
  let last: RoundInfo | undefined;
  using booster = await train(
    options({
      from: first,
      rounds: 500,
      seed: 3,
      valid: { valid: validSet },
      earlyStopping: { rounds: 8 },
      onRound: (info) => void (last = info),
    }),
  );
  expect(booster.rounds).toBe(5 + (last?.bestRound ?? 0));
});

it('notes categories in the model', async () => {
  const category = Float32Array.from({ length: 1000 }, (_, row) => row % 20);
  using dataset = await Dataset.create({
    data: category,
    rows: 1000,
    columns: 1,
    labels: category.map((value) => value % 2),
    categorical: [0],
  });
  using booster = await train({
    params: { objective: 'binary:logistic', tree_method: 'hist' },
    train: dataset,
    rounds: 1,
    threads: 2,
  });
  expect(await booster.toText()).toContain('"feature_types":["c"]');
});

it('draws other rows every round under a custom objective, the same ones for the same seed', async () => {
  const target = tables.train.labels;
  const sampled: TrainOptions = {
    params: { objective: 'custom', subsample: 0.3, eta: 1e-6 },
    train: trainSet,
    rounds: 4,
    threads: 2,
    seed: 5,
    gradients: (scores, gradients, hessians) => {
      for (const [index, score] of scores.entries()) gradients[index] = score - (target[index] ?? 0);
      hessians.fill(1);
    },
  };
  using once = await train(sampled);
  using twice = await train(sampled);
  expect(await twice.toText()).toBe(await once.toText());
  const leaves = await once.predict(tables.train, { type: 'leaf' });
  const ofRound = (round: number): number[] => [...leaves.data].filter((_, index) => index % 4 === round);
  expect(ofRound(1)).not.toEqual(ofRound(0));
});

it('tells the library’s own words, and which call said them', async () => {
  const error: unknown = await train(options({ params: { ...params, num_class: 2 } })).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(XgboostError);
  expect(error).toMatchObject({
    code: 'XGBOOST_NATIVE',
    fields: { call: 'XGBoosterUpdateOneIter', reason: 'SoftmaxMultiClassObj: label must be in [0, num_class).' },
  });
});

it('refuses a validation set of another width', async () => {
  using stranger = await Dataset.create({
    data: new Float32Array(10),
    rows: 5,
    columns: 2,
    labels: new Float32Array(5),
  });
  await expect(train(options({ valid: { stranger } }))).rejects.toThrow(/'stranger' has 2 columns, the training set 4/);
});
