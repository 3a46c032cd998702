import { Dataset, train } from '@primatrix/lightgbm-ts';
import type { BoosterLibrary } from '@primatrix/boosting/stack';
import type { LightgbmSettings } from './settings.ts';

/** LightGBM with a variant's parameters; a validation table takes the bins of the training's. */
export function lightgbmLibrary({ params }: LightgbmSettings): BoosterLibrary<Dataset> {
  return {
    dataset: (table, reference) =>
      Dataset.create({ ...table, params, ...(reference === undefined ? {} : { reference }) }),
    async train({ kind, classes, ...training }) {
      const target =
        kind === 'classes'
          ? ({ objective: 'multiclass', num_class: classes, metric: 'multi_logloss' } as const)
          : ({ objective: 'binary', metric: 'binary_logloss' } as const);
      const booster = await train({ ...training, params: { ...params, ...target } });
      return {
        // The text names the threads that the trees were grown on, which change nothing else in it.
        toText: async () => (await booster.toText()).replace(/\[num_threads: \d+\]/, '[num_threads: 1]'),
        predict: (table, options) => booster.predict(table, options),
        featureImportance: (gain) => booster.featureImportance(gain),
        dispose: () => booster.dispose(),
      };
    },
  };
}
