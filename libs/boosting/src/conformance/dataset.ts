import assert from 'node:assert/strict';
import type { LabelledTable } from '../binding/native-dataset.ts';
import { close, refused } from './expectations.ts';
import type { Conformance } from '@primatrix/contracts';
import type { BoostingLibrary, TestedBooster, TestedDataset } from './library.ts';

const good: LabelledTable = {
  data: Float32Array.from({ length: 60 }, (_, index) => index),
  rows: 20,
  columns: 3,
  labels: new Float32Array(20),
};

/** Size, names and refusals of a binding's dataset. */
export function datasetConformance<
  P,
  D extends TestedDataset,
  B extends TestedBooster,
  S extends Float32Array | Float64Array,
>(library: BoostingLibrary<P, D, B, S>): Conformance<void>[] {
  const wrong: (readonly [what: string, table: Partial<LabelledTable>, argument: string])[] = [
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
    ['a name that the library cannot store', { featureNames: library.badNames }, 'featureNames'],
    ['a categorical column that is not there', { categorical: [3] }, 'categorical'],
  ];
  return [
    {
      name: 'knows its size and names',
      run: async () => {
        using dataset = await library.createDataset({ ...good, featureNames: ['a', 'b', 'c'], categorical: ['c'] });
        assert.deepEqual(
          [dataset.rows, dataset.columns, [...dataset.featureNames], [...dataset.categorical]],
          [20, 3, ['a', 'b', 'c'], [2]],
        );
      },
    },
    ...wrong.map(([what, table, argument]) => ({
      name: `refuses ${what}`,
      run: async () => {
        const { code, fields } = (await refused(
          library.createDataset({ ...good, ...table }),
          library.errors.input,
        )) as Error & { code?: string; fields?: { argument?: string } };
        assert.deepEqual([code, fields?.argument], [library.inputCode, argument]);
      },
    })),
    {
      name: 'takes other labels for another training',
      run: async () => {
        using dataset = await library.createDataset(good);
        const fitted = async (): Promise<number | undefined> => {
          using booster = await library.train({
            params: library.params.regression,
            train: dataset,
            rounds: library.roundsToFit,
            threads: 2,
          });
          return (await booster.predict(good)).data[0];
        };
        close(await fitted(), 0, library.decimals.fittedLabels);
        await dataset.setLabels(new Float32Array(20).fill(5));
        close(await fitted(), 5, library.decimals.fittedLabels);
        await refused(dataset.setLabels([1]), library.errors.input, /20 in all, got 1/);
      },
    },
  ];
}
