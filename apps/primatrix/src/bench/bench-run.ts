import type { TableFiles } from './bench-table.ts';

/** The libraries that are measured. */
export const libraries = ['lightgbm', 'xgboost'] as const;
/** One of {@link libraries}. */
export type Library = (typeof libraries)[number];

/** What one process does: make the dataset, train, predict all rows, write the predictions. */
export interface BenchRun extends TableFiles {
  readonly library: Library;
  /** File for the predictions, in the library's own type. */
  readonly predictions: string;
  readonly rounds: number;
  readonly threads: number;
}

/** What a process says of itself. */
export interface RunReport {
  readonly createSeconds: number;
  /** Until there is a model that can predict. */
  readonly trainSeconds: number;
  readonly predictSeconds: number;
  /** Processor time of dataset and training, all threads together. */
  readonly cpuSeconds: number;
  /** Most resident memory of the process. */
  readonly peakBytes: number;
}

export const seed = 1;

/** The competition's settings of stack-lightgbm (variant a); leaves of small tables are smaller. */
export function lightgbmParams({ rows, classes }: { readonly rows: number; readonly classes: number }) {
  return {
    objective: 'multiclass',
    num_class: classes,
    metric: 'multi_logloss',
    learning_rate: 0.01,
    num_leaves: 63,
    feature_fraction: 0.95,
    bagging_fraction: 0.95,
    bagging_freq: 1,
    min_data_in_leaf: Math.min(1000, Math.ceil(rows / 20)),
    max_bin: 255,
  } as const;
}

/** The competition's settings of stack-xgboost (variant a). */
export function xgboostParams({ classes }: { readonly classes: number }) {
  return {
    objective: 'multi:softprob',
    num_class: classes,
    eta: 0.05,
    max_depth: 5,
    subsample: 0.95,
    colsample_bytree: 0.95,
    tree_method: 'exact',
  } as const;
}
