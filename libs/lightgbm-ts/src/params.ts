import { checkedParameters } from '@primatrix/boosting';
import type { ParameterTable, ParamKinds } from '@primatrix/boosting';
import { errors } from './errors.ts';

/**
 * LightGBM's parameters by their canonical names; aliases are not accepted, because LightGBM ignores a misspelt name
 * without an error. Ranges are LightGBM's to check. Source: docs/Parameters.rst of LightGBM 4.1. Left out is what this binding sets
 * itself (rounds, threads, seed, verbosity) and what belongs to files, other devices, ranking by groups and several machines.
 */
const kinds = {
  objective: 'text',
  boosting: 'text',
  data_sample_strategy: 'text',
  metric: 'texts',
  num_class: 'integer',
  learning_rate: 'number',
  num_leaves: 'integer',
  max_depth: 'integer',
  min_data_in_leaf: 'integer',
  min_sum_hessian_in_leaf: 'number',
  min_gain_to_split: 'number',
  bagging_fraction: 'number',
  pos_bagging_fraction: 'number',
  neg_bagging_fraction: 'number',
  bagging_freq: 'integer',
  feature_fraction: 'number',
  feature_fraction_bynode: 'number',
  extra_trees: 'boolean',
  max_delta_step: 'number',
  lambda_l1: 'number',
  lambda_l2: 'number',
  path_smooth: 'number',
  linear_tree: 'boolean',
  linear_lambda: 'number',
  drop_rate: 'number',
  max_drop: 'integer',
  skip_drop: 'number',
  xgboost_dart_mode: 'boolean',
  uniform_drop: 'boolean',
  top_rate: 'number',
  other_rate: 'number',
  min_data_per_group: 'integer',
  max_cat_threshold: 'integer',
  cat_l2: 'number',
  cat_smooth: 'number',
  max_cat_to_onehot: 'integer',
  monotone_constraints: 'integers',
  monotone_constraints_method: 'text',
  monotone_penalty: 'number',
  feature_contri: 'numbers',
  interaction_constraints: 'text',
  use_quantized_grad: 'boolean',
  num_grad_quant_bins: 'integer',
  quant_train_renew_leaf: 'boolean',
  stochastic_rounding: 'boolean',
  is_unbalance: 'boolean',
  scale_pos_weight: 'number',
  sigmoid: 'number',
  boost_from_average: 'boolean',
  reg_sqrt: 'boolean',
  alpha: 'number',
  fair_c: 'number',
  poisson_max_delta_step: 'number',
  tweedie_variance_power: 'number',
  multi_error_top_k: 'integer',
  deterministic: 'boolean',
  force_col_wise: 'boolean',
  force_row_wise: 'boolean',
  histogram_pool_size: 'number',
  bagging_seed: 'integer',
  feature_fraction_seed: 'integer',
  extra_seed: 'integer',
  drop_seed: 'integer',
  objective_seed: 'integer',
  data_random_seed: 'integer',
  max_bin: 'integer',
  max_bin_by_feature: 'integers',
  min_data_in_bin: 'integer',
  bin_construct_sample_cnt: 'integer',
  is_enable_sparse: 'boolean',
  enable_bundle: 'boolean',
  use_missing: 'boolean',
  zero_as_missing: 'boolean',
  feature_pre_filter: 'boolean',
} as const satisfies Record<string, keyof ParamKinds>;

type ParamName = keyof typeof kinds;

/** Objectives this binding supports; `custom` takes gradients from a function, see `TrainOptions.gradients`. */
export type LightgbmObjective =
  | 'regression'
  | 'regression_l1'
  | 'huber'
  | 'fair'
  | 'poisson'
  | 'quantile'
  | 'mape'
  | 'gamma'
  | 'tweedie'
  | 'binary'
  | 'cross_entropy'
  | 'cross_entropy_lambda'
  | 'multiclass'
  | 'multiclassova'
  | 'custom';

/** Training and binning parameters under LightGBM's canonical names. Absent ones have LightGBM's defaults. */
export type LightgbmParams = {
  readonly [Name in Exclude<ParamName, 'objective' | 'boosting'>]?: ParamKinds[(typeof kinds)[Name]];
} & {
  readonly objective?: LightgbmObjective;
  readonly boosting?: 'gbdt' | 'rf' | 'dart';
};

/**
 * Parameters that act when a dataset is binned, so that training on it cannot change them any more, with LightGBM's defaults.
 * One default is not LightGBM's: `feature_pre_filter` would drop columns for the sake of one training's `min_data_in_leaf`,
 * and a dataset should serve several trainings.
 */
const binningDefaults = {
  max_bin: 255,
  max_bin_by_feature: [],
  min_data_in_bin: 3,
  bin_construct_sample_cnt: 200_000,
  data_random_seed: 1,
  is_enable_sparse: true,
  enable_bundle: true,
  use_missing: true,
  zero_as_missing: false,
  feature_pre_filter: false,
  linear_tree: false,
} as const satisfies LightgbmParams;
export type BinningParam = keyof typeof binningDefaults;
export type BinningParams = Required<Pick<LightgbmParams, BinningParam>>;

/** The binning parameters among `params`, the absent ones at their defaults. */
export function binningOf(params: LightgbmParams): BinningParams {
  const asked = Object.entries(params).filter(([name, value]) => name in binningDefaults && value !== undefined);
  return { ...binningDefaults, ...Object.fromEntries(asked) };
}

/** Settings of this binding that become parameters of the library. */
export interface LibrarySettings {
  readonly [name: string]: string | number | boolean | undefined;
}

/**
 * The text that LightGBM parses: `name=value` separated by spaces, in a fixed order.
 * @throws {@link LightgbmInputError} for unknown names and values of the wrong kind
 */
export function paramText(params: LightgbmParams, settings: LibrarySettings = {}): string {
  const parts: string[] = [];
  for (const [name, value] of checkedParameters(params, parameterTable, errors)) {
    const written = Array.isArray(value) ? value.join(',') : String(value);
    // An empty list is the same as none; LightGBM would stumble over the empty value.
    if (written !== '') parts.push(`${name}=${written}`);
  }
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined) parts.push(`${name}=${value}`);
  }
  return parts.sort().join(' ');
}

/**
 * Checks names and kinds of values; ranges are LightGBM's to judge.
 * @throws {@link LightgbmInputError} for the first parameter that is unknown or of the wrong kind
 */
export function checkParams(params: LightgbmParams): void {
  paramText(params);
}

const parameterTable: ParameterTable = {
  kinds,
  ownOptions: {
    num_iterations: 'rounds',
    early_stopping_round: 'earlyStopping',
    num_threads: 'threads',
    seed: 'seed',
    categorical_feature: 'categorical',
  },
  aliases: {
    eta: 'learning_rate',
    shrinkage_rate: 'learning_rate',
    num_leaf: 'num_leaves',
    max_leaves: 'num_leaves',
    min_child_samples: 'min_data_in_leaf',
    min_child_weight: 'min_sum_hessian_in_leaf',
    subsample: 'bagging_fraction',
    bagging: 'bagging_fraction',
    subsample_freq: 'bagging_freq',
    colsample_bytree: 'feature_fraction',
    colsample_bynode: 'feature_fraction_bynode',
    reg_alpha: 'lambda_l1',
    reg_lambda: 'lambda_l2',
    lambda: 'lambda_l2',
    min_split_gain: 'min_gain_to_split',
    boosting_type: 'boosting',
    application: 'objective',
    metrics: 'metric',
  },
  source: "LightGBM's Parameters page",
};
