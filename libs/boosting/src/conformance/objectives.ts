import assert from 'node:assert/strict';
import { close, near } from './expectations.ts';
import type { Conformance } from '@primatrix/contracts';
import type { BoostingLibrary, TestedBooster, TestedDataset } from './library.ts';
import { noisyClasses, noisyRows } from './problems.ts';

/** What a binding can fit. */
export function objectiveConformance<
  P,
  D extends TestedDataset,
  B extends TestedBooster,
  S extends Float32Array | Float64Array,
>(library: BoostingLibrary<P, D, B, S>): Conformance<void>[] {
  const { params } = library;
  const { train: table } = noisyClasses();
  return [
    {
      name: 'fits a regression, with missing values told apart',
      run: async () => {
        const x = Float64Array.from({ length: 900 }, (_, row) => (row % 3 === 0 ? Number.NaN : row / 900));
        const y = x.map((value) => (Number.isNaN(value) ? 5 : value));
        using dataset = await library.createDataset({ data: x, rows: 900, columns: 1, labels: y });
        using booster = await library.train({ params: params.regression, train: dataset, rounds: 80, threads: 2 });
        const { data: fitted, shape } = await booster.predict({
          data: Float64Array.of(Number.NaN, 0.2, 0.8),
          rows: 3,
          columns: 1,
        });
        assert.deepEqual([...shape], [3, 1]);
        for (const [index, value] of [5, 0.2, 0.8].entries()) close(fitted[index], value, 1);
      },
    },
    {
      name: 'splits categories as sets, and keeps them in the model',
      run: async () => {
        const category = Float32Array.from({ length: 1000 }, (_, row) => row % 20);
        const odd = category.map((value) => ((value * 7) % 20) % 2);
        using dataset = await library.createDataset({
          data: category,
          rows: 1000,
          columns: 1,
          labels: odd,
          featureNames: ['site'],
          categorical: ['site'],
        });
        using booster = await library.train({ params: params.categories, train: dataset, rounds: 30, threads: 2 });
        const { data: chance } = await booster.predict({ data: category, rows: 1000, columns: 1 });
        assert.ok(chance.every((value, row) => Math.round(value) === odd[row]));
        using loaded = await library.fromText(await booster.toText());
        assert.deepEqual((await loaded.predict({ data: category, rows: 1000, columns: 1 })).data, chance);
      },
    },
    {
      name: 'weighs rows',
      run: async () => {
        const x = new Float32Array(100);
        const y = x.map((_, row) => row % 2);
        using dataset = await library.createDataset({
          data: x,
          rows: 100,
          columns: 1,
          labels: y,
          weights: y.map((one) => (one === 1 ? 3 : 1)),
        });
        using booster = await library.train({ params: params.binary, train: dataset, rounds: 60, threads: 2 });
        close((await booster.predict({ data: x, rows: 100, columns: 1 })).data[0], 0.75, 2);
      },
    },
    {
      name: 'takes the gradients of a custom one',
      run: async () => {
        const target = Float32Array.from({ length: noisyRows }, (_, row) => (table.data[row * table.columns] ?? 0) * 2);
        using dataset = await library.createDataset({ ...table, labels: target });
        using booster = await library.train({
          params: params.custom,
          train: dataset,
          rounds: 50,
          threads: 2,
          gradients: (scores, gradients, hessians) => {
            for (const [index, score] of scores.entries()) gradients[index] = score - (target[index] ?? 0);
            hessians.fill(1);
          },
        });
        using native = await library.train({
          params: params.regressionFromZero,
          train: dataset,
          rounds: 50,
          threads: 2,
        });
        near((await booster.predict(table)).data, (await native.predict(table)).data, 1e-3);
      },
    },
  ];
}
