import { Dataset, train } from '@primatrix/lightgbm-ts';
import type { BoosterLibrary } from '@primatrix/boosting/stack';
import type { LightgbmSettings } from './settings.ts';

/** LightGBM with a variant's parameters; a validation table takes the bins of the training's. */
export function lightgbmLibrary({ params }: LightgbmSettings): BoosterLibrary<Dataset> {
  return {
    dataset: (table, reference) =>
      Dataset.create({ ...table, params, ...(reference === undefined ? {} : { reference }) }),
    train({ kind, classes, ...training }) {
      const target =
        kind === 'classes'
          ? ({ objective: 'multiclass', num_class: classes, metric: 'multi_logloss' } as const)
          : ({ objective: 'binary', metric: 'binary_logloss' } as const);
      return train({ ...training, params: { ...params, ...target } });
    },
  };
}
