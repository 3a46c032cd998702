export type {
  EarlyStopping,
  Matrix,
  PredictionType,
  PredictOptions,
  RoundInfo,
  RoundMetrics,
} from '@primatrix/boosting';
export { Booster } from './booster.ts';
export type { ImportanceType, Prediction } from './booster.ts';
export { Dataset } from './dataset.ts';
export type { DatasetOptions } from './dataset.ts';
export {
  XgboostDisposedError,
  XgboostError,
  XgboostInputError,
  XgboostLibraryError,
  XgboostModelError,
} from './errors.ts';
export { findLibrary, missingLibrary } from './find-library.ts';
export type { ModelFormat } from './native/booster-handle.ts';
export { boundFunctions } from './native/c-api.ts';
export type { XgboostObjective, XgboostParams } from './params.ts';
export { train } from './train.ts';
export type { Evaluate, Gradients, TrainOptions } from './train.ts';
