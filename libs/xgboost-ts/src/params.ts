import { checkedParameters } from '@primatrix/boosting';
import type { ParameterTable, ParamKinds } from '@primatrix/boosting';
import { errors } from './errors.ts';

/**
 * XGBoost's parameters by their canonical names; aliases are not accepted, because XGBoost only warns of a misspelt name.
 * Ranges are XGBoost's to check. Source: doc/parameter.rst of XGBoost 1.7. Left out is what this binding sets itself (rounds,
 * threads, seed, verbosity) and what belongs to linear boosters, GPUs, ranking by groups, survival and several machines.
 */
const kinds = {
  booster: 'text',
  objective: 'text',
  eval_metric: 'texts',
  num_class: 'integer',
  base_score: 'number',
  eta: 'number',
  gamma: 'number',
  max_depth: 'integer',
  max_leaves: 'integer',
  min_child_weight: 'number',
  max_delta_step: 'number',
  subsample: 'number',
  colsample_bytree: 'number',
  colsample_bylevel: 'number',
  colsample_bynode: 'number',
  lambda: 'number',
  alpha: 'number',
  tree_method: 'text',
  grow_policy: 'text',
  max_bin: 'integer',
  sparse_threshold: 'number',
  num_parallel_tree: 'integer',
  monotone_constraints: 'integers',
  interaction_constraints: 'text',
  max_cat_to_onehot: 'integer',
  max_cat_threshold: 'integer',
  scale_pos_weight: 'number',
  sample_type: 'text',
  normalize_type: 'text',
  rate_drop: 'number',
  one_drop: 'boolean',
  skip_drop: 'number',
  huber_slope: 'number',
  tweedie_variance_power: 'number',
  disable_default_eval_metric: 'boolean',
  seed_per_iteration: 'boolean',
} as const satisfies Record<string, keyof ParamKinds>;

type Narrowed = 'objective' | 'booster' | 'tree_method' | 'grow_policy';

/** Objectives this binding supports; `custom` takes gradients from a function, see `TrainOptions.gradients`. */
export type XgboostObjective =
  | 'reg:squarederror'
  | 'reg:squaredlogerror'
  | 'reg:logistic'
  | 'reg:pseudohubererror'
  | 'reg:absoluteerror'
  | 'reg:gamma'
  | 'reg:tweedie'
  | 'binary:logistic'
  | 'binary:logitraw'
  | 'binary:hinge'
  | 'count:poisson'
  | 'multi:softmax'
  | 'multi:softprob'
  | 'custom';

/** Training parameters under XGBoost's canonical names. Absent ones have XGBoost's defaults. */
export type XgboostParams = {
  readonly [Name in Exclude<keyof typeof kinds, Narrowed>]?: ParamKinds[(typeof kinds)[Name]];
} & {
  readonly objective?: XgboostObjective;
  readonly booster?: 'gbtree' | 'dart';
  /** `auto` (XGBoost's default) takes `exact` for small tables; only `approx` and `hist` know categories. */
  readonly tree_method?: 'auto' | 'exact' | 'approx' | 'hist';
  readonly grow_policy?: 'depthwise' | 'lossguide';
};

const parameterTable: ParameterTable = {
  kinds,
  ownOptions: {
    num_boost_round: 'rounds',
    num_round: 'rounds',
    early_stopping_rounds: 'earlyStopping',
    nthread: 'threads',
    n_jobs: 'threads',
    seed: 'seed',
    random_state: 'seed',
  },
  aliases: {
    learning_rate: 'eta',
    min_split_loss: 'gamma',
    reg_lambda: 'lambda',
    reg_alpha: 'alpha',
    metric: 'eval_metric',
    colsample: 'colsample_bytree',
    feature_fraction: 'colsample_bytree',
    bagging_fraction: 'subsample',
    num_leaves: 'max_leaves',
    min_sum_hessian_in_leaf: 'min_child_weight',
  },
  source: "XGBoost's parameter page",
};

/**
 * Name and value of each parameter as XGBoost takes them.
 * @throws `XgboostInputError` for unknown names and values of the wrong kind
 */
export function libraryParams(params: XgboostParams): (readonly [name: string, value: string])[] {
  return checkedParameters(params, parameterTable, errors).flatMap(([name, value]) => {
    // Each metric is set on its own; an empty list of constraints is the same as none.
    if (name === 'eval_metric') {
      return (Array.isArray(value) ? value : [value]).map((metric) => [name, String(metric)] as const);
    }
    if (name === 'monotone_constraints') {
      return (value as number[]).length === 0 ? [] : [[name, `(${(value as number[]).join(',')})`] as const];
    }
    if (typeof value === 'boolean') return [[name, value ? '1' : '0'] as const];
    // Without an objective of its own XGBoost predicts the raw scores, which is what a custom one fits.
    if (name === 'objective' && value === 'custom') return [[name, 'reg:squarederror'] as const];
    return [[name, String(value)] as const];
  });
}
