import {
  boosterConformance,
  datasetConformance,
  objectiveConformance,
  trainingConformance,
  type BoostingLibrary,
} from '@primatrix/boosting/conformance';
import { beforeAll, describe, it } from 'vitest';
import {
  Booster,
  Dataset,
  ensureLibrary,
  LightgbmDisposedError,
  LightgbmError,
  LightgbmInputError,
  LightgbmModelError,
  train,
} from './index.ts';
import type { LightgbmParams } from './index.ts';

const classes: LightgbmParams = { objective: 'multiclass', num_class: 3, num_leaves: 15, min_data_in_leaf: 5 };

const library: BoostingLibrary<LightgbmParams, Dataset, Booster, Float64Array> = {
  createDataset: (table, reference) =>
    Dataset.create({ ...table, threads: 2, ...(reference === undefined ? {} : { reference }) }),
  continued: async (table, from) => Dataset.create({ ...table, initialScores: await from.initialScores(table) }),
  train,
  fromText: (text) => Booster.fromText(text),
  load: (path) => Booster.load(path),
  errors: {
    input: LightgbmInputError,
    native: LightgbmError,
    disposed: LightgbmDisposedError,
    model: LightgbmModelError,
  },
  inputCode: 'LIGHTGBM_INPUT',
  modelFile: 'model.txt',
  params: {
    classes,
    smallTrees: { objective: 'multiclass', num_class: 3, num_leaves: 7 },
    mistakes: { ...classes, metric: 'multi_error' },
    random: { ...classes, bagging_fraction: 0.7, bagging_freq: 1, feature_fraction: 0.6 },
    binary: { objective: 'binary', metric: ['binary_logloss', 'auc'], num_leaves: 15 },
    categories: { objective: 'binary', num_leaves: 2 },
    regression: { objective: 'regression', min_data_in_leaf: 1 },
    regressionFromZero: { objective: 'regression', boost_from_average: false },
    custom: { objective: 'custom', boost_from_average: false },
    negative: { ...classes, learning_rate: -1 },
    negativeName: 'learning_rate',
    tooFewClasses: { ...classes, num_class: 2 },
  },
  metrics: { logLoss: 'multi_logloss', mistakes: 'multi_error' },
  wrongParams: [
    ['an unknown parameter', { learning_rat: 0.1 } as LightgbmParams, 'learning_rate'],
    ['a misspelt name', { num_leafs: 4 } as LightgbmParams, 'num_leaves'],
    ['another name of a parameter', { subsample: 0.5 } as LightgbmParams, 'bagging_fraction'],
    ['a parameter that is an option here', { num_threads: 4 } as LightgbmParams, 'threads'],
    ['the number of rounds as a parameter', { num_iterations: 5 } as LightgbmParams, null],
    ['a parameter of the wrong kind', { num_leaves: 3.5 }, null],
  ],
  badNames: ['a', 'b c', 'd'],
  mostLeaf: 6,
  leafShape: (rows, rounds, outputs) => [rows, rounds, outputs],
  decimals: { sum: 10, contributions: 8, fittedLabels: 6 },
  roundsToFit: 5,
  score: (scores, row, output, rows) => scores[output * rows + row] ?? Number.NaN,
  // Threads are noted among the parameters, which come after the trees.
  trees: (text) => text.split('end of trees')[0] ?? '',
};

// With an empty cache this takes a minute or two, for which only hooks have the time.
beforeAll(() => ensureLibrary());

describe.each([
  ['dataset', datasetConformance(library)],
  ['training', trainingConformance(library)],
  ['objectives', objectiveConformance(library)],
  ['booster', boosterConformance(library)],
] as const)('%s', (_, cases) => {
  it.each(cases)('$name', ({ run }) => run());
});
