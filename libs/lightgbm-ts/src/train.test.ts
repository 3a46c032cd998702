import { noisyClasses } from '@primatrix/boosting/conformance';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Dataset, LightgbmError, LightgbmInputError, train } from './index.ts';
import type { LightgbmParams, TrainOptions } from './index.ts';

// What only LightGBM has or does; what all tree libraries must do is in conformance.test.ts.

const tables = noisyClasses();
const params: LightgbmParams = { objective: 'multiclass', num_class: 3, num_leaves: 15, min_data_in_leaf: 5 };
let trainSet: Dataset;

beforeAll(async () => {
  trainSet = await Dataset.create({ ...tables.train, threads: 2 });
});

afterAll(() => trainSet.dispose());

const options = (more: Partial<TrainOptions>): TrainOptions => ({
  params,
  train: trainSet,
  rounds: 10,
  threads: 2,
  ...more,
});

it('goes on only from datasets that know the earlier scores', async () => {
  using first = await train(options({ rounds: 2, seed: 3 }));
  await expect(train(options({ from: first }))).rejects.toThrow(/initial scores/);
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
    params: { objective: 'binary', num_leaves: 2 },
    train: dataset,
    rounds: 1,
    threads: 2,
  });
  expect(await booster.toText()).toContain('[categorical_feature: 0]');
});

it('tells the library’s own words, and which call said them', async () => {
  const error: unknown = await train(options({ params: { ...params, num_class: 2 } })).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LightgbmError);
  expect(error).toMatchObject({
    code: 'LIGHTGBM_NATIVE',
    fields: { call: 'LGBM_BoosterCreate', reason: 'Label must be in [0, 2), but found 2 in label' },
  });
});

it('refuses other bins than the dataset has', async () => {
  await expect(train(options({ params: { max_bin: 15 } }))).rejects.toThrow(LightgbmInputError);
});

it('refuses a validation set that was binned on its own', async () => {
  using stranger = await Dataset.create(tables.valid);
  await expect(train(options({ valid: { stranger } }))).rejects.toThrow(LightgbmError);
});
