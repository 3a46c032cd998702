import type { PredictionType } from '@primatrix/boosting';

/** `p`: pointer or handle, `i`: int32, `l`: int64 or size_t. Every function returns an int: 0, or -1 with a text to ask for. */
export const cFunctions = {
  XGBSetGlobalConfig: 'p',
  XGDMatrixCreateFromDense: 'ppp',
  XGDMatrixSetFloatInfo: 'pppl',
  XGDMatrixSetStrFeatureInfo: 'pppl',
  XGDMatrixFree: 'p',
  XGBoosterCreate: 'plp',
  XGBoosterSetParam: 'ppp',
  XGBoosterSetStrFeatureInfo: 'pppl',
  XGBoosterGetStrFeatureInfo: 'pppp',
  XGBoosterUpdateOneIter: 'pip',
  XGBoosterBoostOneIter: 'ppppl',
  XGBoosterEvalOneIter: 'pipplp',
  XGBoosterPredictFromDense: 'ppppppp',
  XGBoosterPredictFromDMatrix: 'pppppp',
  XGBoosterFeatureScore: 'ppppppp',
  XGBoosterBoostedRounds: 'pp',
  XGBoosterGetNumFeature: 'pp',
  XGBoosterSlice: 'piiip',
  XGBoosterSaveJsonConfig: 'ppp',
  XGBoosterSaveModelToBuffer: 'pppp',
  XGBoosterLoadModelFromBuffer: 'ppl',
  XGBoosterFree: 'p',
} as const;
export type CFunction = keyof typeof cFunctions;

/** The two functions of another form: what the last error was, and who is told what the library says. */
export const messageFunctions = { lastError: 'XGBGetLastError', registerLog: 'XGBRegisterLogCallback' } as const;

/** Names of all functions that the binding calls: what a library has to offer. */
export const boundFunctions: readonly string[] = [...Object.keys(cFunctions), ...Object.values(messageFunctions)];

/** Values of `type` in the configuration of a prediction, see XGBoosterPredictFromDMatrix in XGBoost's c_api.h. */
export const predictTypes: Readonly<Record<PredictionType, number>> = {
  probability: 0,
  raw: 1,
  leaf: 6,
  contributions: 2,
};
