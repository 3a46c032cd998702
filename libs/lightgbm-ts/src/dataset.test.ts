import { beforeAll, expect, it } from 'vitest';
import { Dataset, ensureLibrary } from './index.ts';
import type { DatasetOptions } from './index.ts';

// What only LightGBM has or does; what all tree libraries must do is in conformance.test.ts.

const good: DatasetOptions = {
  data: Float32Array.from({ length: 60 }, (_, index) => index),
  rows: 20,
  columns: 3,
  labels: new Float32Array(20),
};

// With an empty cache this takes a minute or two, for which only hooks have the time.
beforeAll(() => ensureLibrary());

it('takes its names from its reference', async () => {
  using dataset = await Dataset.create({ ...good, featureNames: ['a', 'b', 'c'], categorical: ['c'] });
  using unnamed = await Dataset.create({ ...good, reference: dataset });
  expect(unnamed.featureNames).toEqual(['a', 'b', 'c']);
});

it('refuses half a column of initial scores', async () => {
  await expect(Dataset.create({ ...good, initialScores: new Float64Array(10) })).rejects.toMatchObject({
    code: 'LIGHTGBM_INPUT',
    fields: { argument: 'initialScores' },
  });
});

it('refuses a reference of another width', async () => {
  using reference = await Dataset.create({ ...good, data: new Float32Array(40), columns: 2 });
  await expect(Dataset.create({ ...good, reference })).rejects.toThrow(/2 columns, the data 3/);
});
