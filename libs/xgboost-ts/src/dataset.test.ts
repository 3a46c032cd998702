import { expect, it } from 'vitest';
import { Dataset, XgboostError } from './index.ts';
import type { DatasetOptions } from './index.ts';

// What only XGBoost has or does; what all tree libraries must do is in conformance.test.ts.

const good: DatasetOptions = {
  data: Float32Array.from({ length: 60 }, (_, index) => index),
  rows: 20,
  columns: 3,
  labels: new Float32Array(20),
};

it('numbers columns without names', async () => {
  using dataset = await Dataset.create(good);
  expect([dataset.featureNames, dataset.categorical]).toEqual([['f0', 'f1', 'f2'], []]);
});

it('repeats the library’s words over infinite values', async () => {
  const error: unknown = await Dataset.create({ ...good, data: new Float32Array(60).fill(Infinity) }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(XgboostError);
  expect(error).toMatchObject({
    code: 'XGBOOST_NATIVE',
    fields: { call: 'XGDMatrixCreateFromDense', reason: expect.stringMatching(/^Check failed.*inf/) },
  });
});
