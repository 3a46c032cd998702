export type {
  EarlyStopping,
  Matrix,
  PredictionType,
  PredictOptions,
  RoundInfo,
  RoundMetrics,
} from '@primatrix/boosting';
export { Booster } from './booster.ts';
export type { Prediction } from './booster.ts';
export { ensureLibrary, missingLibrary } from './build/ensure-library.ts';
export type { BuildProgress } from './build/compile-library.ts';
export type { EnsureLibraryOptions } from './build/ensure-library.ts';
export { Dataset } from './dataset.ts';
export type { DatasetOptions } from './dataset.ts';
export {
  LightgbmBuildError,
  LightgbmDisposedError,
  LightgbmError,
  LightgbmInputError,
  LightgbmModelError,
} from './errors.ts';
export { boundFunctions } from './native/c-api.ts';
export type { LightgbmObjective, LightgbmParams } from './params.ts';
export { train } from './train.ts';
export type { Evaluate, Gradients, TrainOptions } from './train.ts';
