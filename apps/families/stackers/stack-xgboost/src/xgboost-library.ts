import type { BoosterLibrary } from '@primatrix/boosting/stack';
import { Dataset, train } from '@primatrix/xgboost-ts';
import type { XgboostSettings } from './settings.ts';

/** XGBoost with a variant's parameters. */
export function xgboostLibrary({ params }: XgboostSettings): BoosterLibrary<Dataset> {
  return {
    dataset: (table) => Dataset.create(table),
    train({ kind, classes, ...training }) {
      const target =
        kind === 'classes'
          ? ({ objective: 'multi:softprob', num_class: classes, eval_metric: 'mlogloss' } as const)
          : ({ objective: 'binary:logistic', eval_metric: 'logloss' } as const);
      return train({ ...training, params: { ...params, ...target } });
    },
  };
}
