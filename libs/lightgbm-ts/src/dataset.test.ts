import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset, ensureLibrary, LightgbmInputError, train } from './index.ts';
import type { DatasetOptions } from './index.ts';

const good: DatasetOptions = { data: Float32Array.from({ length: 60 }, (_, index) => index), rows: 20, columns: 3, labels: new Float32Array(20) };

// With an empty cache this takes a minute or two, for which only hooks have the time.
beforeAll(() => ensureLibrary());

describe('Dataset.create', () => {
  it('knows its size and names', async () => {
    using dataset = await Dataset.create({ ...good, featureNames: ['a', 'b', 'c'], categorical: ['c'] });
    expect([dataset.rows, dataset.columns, dataset.featureNames, dataset.categorical]).toEqual([20, 3, ['a', 'b', 'c'], [2]]);
    using unnamed = await Dataset.create({ ...good, reference: dataset });
    expect(unnamed.featureNames).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['too few labels', { labels: new Float32Array(19) }, 'labels'],
    ['a label that is not a number', { labels: new Float32Array(20).fill(Number.NaN, 7, 8) }, 'labels'],
    ['too many weights', { weights: new Float32Array(21) }, 'weights'],
    ['a negative weight', { weights: new Float32Array(20).fill(-1) }, 'weights'],
    ['too few values', { data: new Float32Array(59) }, 'data'],
    ['values that are no floats', { data: new Int32Array(60) as unknown as Float32Array }, 'data'],
    ['no rows', { data: new Float32Array(0), rows: 0, labels: [] }, 'rows'],
    ['another layout', { layout: 'diagonal' as 'row' }, 'layout'],
    ['too few names', { featureNames: ['a', 'b'] }, 'featureNames'],
    ['a name twice', { featureNames: ['a', 'b', 'a'] }, 'featureNames'],
    ['a name LightGBM cannot store', { featureNames: ['a', 'b c', 'd'] }, 'featureNames'],
    ['a categorical column that is not there', { categorical: [3] }, 'categorical'],
    ['half a column of initial scores', { initialScores: new Float64Array(10) }, 'initialScores'],
  ] satisfies [string, Partial<DatasetOptions>, string][])('refuses %s', async (_, wrong, argument) => {
    const error: unknown = await Dataset.create({ ...good, ...wrong }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LightgbmInputError);
    expect(error).toMatchObject({ code: 'LIGHTGBM_INPUT', fields: { argument } });
  });

  it('takes other labels for another training', async () => {
    using dataset = await Dataset.create(good);
    const fitted = async (): Promise<number | undefined> => {
      using booster = await train({ params: { objective: 'regression', min_data_in_leaf: 1 }, train: dataset, rounds: 5, threads: 2 });
      return (await booster.predict({ ...good })).data[0];
    };
    expect(await fitted()).toBeCloseTo(0, 6);
    await dataset.setLabels(new Float32Array(20).fill(5));
    expect(await fitted()).toBeCloseTo(5, 6);
    await expect(dataset.setLabels([1])).rejects.toThrow(/20 in all, got 1/);
  });

  it('refuses a reference of another width', async () => {
    using reference = await Dataset.create({ ...good, data: new Float32Array(40), columns: 2 });
    await expect(Dataset.create({ ...good, reference })).rejects.toThrow(/2 columns, the data 3/);
  });
});
