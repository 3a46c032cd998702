import type { TreeSettings } from '@primatrix/boosting/stack';
import type { Profile } from '@primatrix/contracts';
import type { LightgbmParams } from '@primatrix/lightgbm-ts';

/** One variant of the stacker. */
export type LightgbmSettings = TreeSettings<LightgbmParams>;

const original = {
  num_leaves: 63,
  feature_fraction: 0.95,
  // Its bagging fraction of 0.95 stands beside a frequency of 0, which leaves rows whole.
  bagging_fraction: 0.95,
  bagging_freq: 0,
  min_data_in_leaf: 1000,
  max_bin: 255,
};

// A few dozen clips: small trees from few rows, split at random places, or they learn the clips by heart.
const small = {
  extra_trees: true,
  bagging_fraction: 0.8,
  bagging_freq: 1,
  min_data_in_leaf: 3,
  min_sum_hessian_in_leaf: 0.001,
  min_data_in_bin: 1,
  max_bin: 63,
};

/** Two variants a profile: the original's figures, and small ones for laptops. */
export const settings: Readonly<Record<Profile, Readonly<Record<'a' | 'b', LightgbmSettings>>>> = {
  competition: {
    a: { target: 'last-positive', rounds: 10_000, patience: 50, params: { ...original, learning_rate: 0.01 } },
    b: { target: 'last-positive', rounds: 10_000, patience: 50, params: { ...original, learning_rate: 0.011 } },
  },
  laptop: {
    a: {
      target: 'last-positive',
      rounds: 800,
      patience: 120,
      params: { ...small, learning_rate: 0.03, num_leaves: 4, feature_fraction: 1, min_data_in_leaf: 2 },
    },
    b: {
      target: 'last-positive',
      rounds: 800,
      patience: 120,
      params: { ...small, learning_rate: 0.03, num_leaves: 5, feature_fraction: 0.9, min_data_in_leaf: 2 },
    },
  },
};

/** A model of a fixed number of rounds for checks: small trees, each over a fifth of the columns, of which there may be thousands. */
export const quick: LightgbmSettings = {
  target: 'last-positive',
  rounds: 60,
  patience: 60,
  params: {
    learning_rate: 0.1,
    num_leaves: 7,
    feature_fraction: 0.2,
    min_data_in_leaf: 3,
    min_data_in_bin: 1,
    max_bin: 63,
  },
};
