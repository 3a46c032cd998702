import { describe, expect, it } from 'vitest';
import { Dataset, train, XgboostError, XgboostInputError } from './index.ts';
import type { DatasetOptions } from './index.ts';

const good: DatasetOptions = { data: Float32Array.from({ length: 60 }, (_, index) => index), rows: 20, columns: 3, labels: new Float32Array(20) };

describe('Dataset.create', () => {
  it('knows its size and names', async () => {
    using dataset = await Dataset.create({ ...good, featureNames: ['a', 'b', 'c'], categorical: ['c'] });
    expect([dataset.rows, dataset.columns, dataset.featureNames, dataset.categorical]).toEqual([20, 3, ['a', 'b', 'c'], [2]]);
    using unnamed = await Dataset.create(good);
    expect([unnamed.featureNames, unnamed.categorical]).toEqual([['f0', 'f1', 'f2'], []]);
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
    ['a name XGBoost cannot store', { featureNames: ['a', 'b<c', 'd'] }, 'featureNames'],
    ['a categorical column that is not there', { categorical: [3] }, 'categorical'],
  ] satisfies [string, Partial<DatasetOptions>, string][])('refuses %s', async (_, wrong, argument) => {
    const error: unknown = await Dataset.create({ ...good, ...wrong }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(XgboostInputError);
    expect(error).toMatchObject({ code: 'XGBOOST_INPUT', fields: { argument } });
  });

  it('takes other labels for another training', async () => {
    using dataset = await Dataset.create(good);
    const fitted = async (): Promise<number | undefined> => {
      using booster = await train({ params: { objective: 'reg:squarederror' }, train: dataset, rounds: 60, threads: 2 });
      return (await booster.predict({ ...good })).data[0];
    };
    expect(await fitted()).toBeCloseTo(0, 2);
    await dataset.setLabels(new Float32Array(20).fill(5));
    expect(await fitted()).toBeCloseTo(5, 2);
    await expect(dataset.setLabels([1])).rejects.toThrow(/20 in all, got 1/);
  });

  it('repeats the library’s words over infinite values', async () => {
    const error: unknown = await Dataset.create({ ...good, data: new Float32Array(60).fill(Infinity) }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(XgboostError);
    expect(error).toMatchObject({ code: 'XGBOOST_NATIVE', fields: { call: 'XGDMatrixCreateFromDense', reason: expect.stringMatching(/^Check failed.*inf/) } });
  });
});
