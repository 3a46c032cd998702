import type { PredictionType } from '@primatrix/boosting';

/** `p`: pointer or handle, `i`: int32, `l`: int64 or size_t. Every function returns an int: 0, or -1 with a text to ask for. */
export const cFunctions = {
  LGBM_DatasetCreateFromMat: 'piiiippp',
  LGBM_DatasetSetField: 'pppii',
  LGBM_DatasetSetFeatureNames: 'ppi',
  LGBM_DatasetGetNumData: 'pp',
  LGBM_DatasetGetNumFeature: 'pp',
  LGBM_DatasetFree: 'p',
  LGBM_BoosterCreate: 'ppp',
  LGBM_BoosterAddValidData: 'pp',
  LGBM_BoosterMerge: 'pp',
  LGBM_BoosterUpdateOneIter: 'pp',
  LGBM_BoosterUpdateOneIterCustom: 'pppp',
  LGBM_BoosterGetCurrentIteration: 'pp',
  LGBM_BoosterNumModelPerIteration: 'pp',
  LGBM_BoosterGetNumClasses: 'pp',
  LGBM_BoosterGetNumFeature: 'pp',
  LGBM_BoosterGetFeatureNames: 'piplpp',
  LGBM_BoosterGetEvalCounts: 'pp',
  LGBM_BoosterGetEvalNames: 'piplpp',
  LGBM_BoosterGetEval: 'pipp',
  LGBM_BoosterGetNumPredict: 'pip',
  LGBM_BoosterGetPredict: 'pipp',
  LGBM_BoosterCalcNumPredict: 'piiiip',
  LGBM_BoosterPredictForMat: 'ppiiiiiiippp',
  LGBM_BoosterFeatureImportance: 'piip',
  LGBM_BoosterSaveModelToString: 'piiilpp',
  LGBM_BoosterLoadModelFromString: 'ppp',
  LGBM_BoosterFree: 'p',
} as const;
export type CFunction = keyof typeof cFunctions;

/** The two functions of another form: what the last error was, and who is told what the library says. */
export const messageFunctions = { lastError: 'LGBM_GetLastError', registerLog: 'LGBM_RegisterLogCallback' } as const;

/** Names of all functions that the binding calls: what a library has to offer. */
export const boundFunctions: readonly string[] = [...Object.keys(cFunctions), ...Object.values(messageFunctions)];

/** Values of the constants in LightGBM's c_api.h. */
export const dataTypes = { float32: 0, float64: 1, int32: 2, int64: 3 } as const;
export const predictTypes: Readonly<Record<PredictionType, number>> = {
  probability: 0,
  raw: 1,
  leaf: 2,
  contributions: 3,
};
export const importanceTypes = { split: 0, gain: 1 } as const;
