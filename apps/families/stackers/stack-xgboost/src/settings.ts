import type { TreeSettings } from '@primatrix/boosting/stack';
import type { Profile } from '@primatrix/contracts';
import type { XgboostParams } from '@primatrix/xgboost-ts';

/** One variant of the stacker. */
export type XgboostSettings = TreeSettings<XgboostParams>;

const original = { tree_method: 'exact', subsample: 0.95, colsample_bytree: 0.95 } as const;

// A few dozen clips: leaves may be of few rows, and weigh them; each tree sees a part of the rows and columns, or they learn the clips by heart.
const small = { tree_method: 'exact', eta: 0.1, subsample: 0.8, colsample_bytree: 0.3, min_child_weight: 0 } as const;

/** Two variants a profile: the original's figures, and small ones for laptops. */
export const settings: Readonly<Record<Profile, Readonly<Record<'a' | 'b', XgboostSettings>>>> = {
  competition: {
    a: { target: 'last-positive', rounds: 1500, patience: 50, params: { ...original, eta: 0.05, max_depth: 5 } },
    b: { target: 'last-positive', rounds: 1500, patience: 50, params: { ...original, eta: 0.09, max_depth: 4 } },
  },
  laptop: {
    a: { target: 'one-vs-rest', rounds: 400, patience: 60, params: { ...small, max_depth: 3, lambda: 0.1 } },
    b: { target: 'one-vs-rest', rounds: 400, patience: 60, params: { ...small, max_depth: 2, lambda: 0.01 } },
  },
};
