import {
  boosterConformance,
  datasetConformance,
  objectiveConformance,
  trainingConformance,
  type BoostingLibrary,
} from '@primatrix/boosting/conformance';
import { describe, it } from 'vitest';
import {
  Booster,
  Dataset,
  train,
  XgboostDisposedError,
  XgboostError,
  XgboostInputError,
  XgboostModelError,
} from './index.ts';
import type { XgboostParams } from './index.ts';

const classes: XgboostParams = {
  objective: 'multi:softprob',
  num_class: 3,
  max_depth: 4,
  tree_method: 'exact',
  eta: 0.1,
};

const library: BoostingLibrary<XgboostParams, Dataset, Booster, Float32Array> = {
  createDataset: (table) => Dataset.create({ ...table, threads: 2 }),
  continued: (table) => Dataset.create(table),
  train,
  fromText: (text) => Booster.fromText(text),
  load: (path) => Booster.load(path),
  errors: { input: XgboostInputError, native: XgboostError, disposed: XgboostDisposedError, model: XgboostModelError },
  inputCode: 'XGBOOST_INPUT',
  modelFile: 'model.json',
  params: {
    classes,
    smallTrees: { objective: 'multi:softprob', num_class: 3, max_depth: 3, tree_method: 'exact' },
    mistakes: { ...classes, eval_metric: 'merror' },
    random: { ...classes, subsample: 0.7, colsample_bytree: 0.6 },
    binary: { objective: 'binary:logistic', eval_metric: ['logloss', 'auc'], max_depth: 4 },
    categories: { objective: 'binary:logistic', tree_method: 'hist', max_depth: 1, max_cat_to_onehot: 1 },
    regression: { objective: 'reg:squarederror' },
    regressionFromZero: { objective: 'reg:squarederror' },
    custom: { objective: 'custom' },
    negative: { ...classes, max_depth: -1 },
    negativeName: 'max_depth should be greater equal to 0',
    tooFewClasses: { ...classes, num_class: 2 },
  },
  metrics: { logLoss: 'mlogloss', mistakes: 'merror' },
  wrongParams: [
    ['an unknown parameter', { et: 0.1 } as XgboostParams, 'eta'],
    ['a misspelt name', { max_dept: 4 } as XgboostParams, 'max_depth'],
    ['another name of a parameter', { learning_rate: 0.1 } as XgboostParams, 'eta'],
    ['a parameter that is an option here', { nthread: 4 } as XgboostParams, 'threads'],
    ['the number of rounds as a parameter', { num_round: 5 } as XgboostParams, null],
    ['a parameter of the wrong kind', { max_depth: 3.5 }, null],
  ],
  badNames: ['a', 'b<c', 'd'],
  mostLeaf: 14,
  leafShape: (rows, rounds, outputs) => [rows, rounds, outputs, 1],
  decimals: { sum: 5, contributions: 4, fittedLabels: 2 },
  roundsToFit: 60,
  score: (scores, row, output) => scores[row * 3 + output] ?? Number.NaN,
  trees: (text) => text,
};

describe.each([
  ['dataset', datasetConformance(library)],
  ['training', trainingConformance(library)],
  ['objectives', objectiveConformance(library)],
  ['booster', boosterConformance(library)],
] as const)('%s', (_, cases) => {
  it.each(cases)('$name', ({ run }) => run());
});
