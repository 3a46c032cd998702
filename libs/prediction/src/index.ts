export { familiesBehind, foregroundFamily } from './background/background-family.ts';
export { rowFacts } from './background/row-facts.ts';
export { backgroundClips, backgroundOf, fewestClips, meanBackground, takeOff } from './background/site-background.ts';
export type { ClipVectors } from './background/site-background.ts';
export { bundledFiles, bundleFile, featureFiles, firstLevelDigest, readBundle } from './bundle/bundle-manifest.ts';
export { bundledModels, bundledWeights, BundleError } from './bundle/bundle-files.ts';
export type { BundleManifest } from './bundle/bundle-manifest.ts';
export {
  bundledFamily,
  bundledFeatures,
  bundledMetadata,
  familiesOfBundle,
  openBundledExtractor,
} from './bundle/bundled-family.ts';
export {
  ensembleThresholdsSchema,
  fittedCalibrationSchema,
  gainSchema,
  scoresSchema,
} from './bundle/ensemble-parts.ts';
export type { EnsembleThresholds, Scores } from './bundle/ensemble-parts.ts';
export { setLatePolicy } from './bundle/set-late-policy.ts';
export { backdropColumns } from './extraction/backdrop.ts';
export { extractableClip, extractClip, inspectedClip, nothingToGoBy } from './extraction/extract-clip.ts';
export type { ExtractableClip, ExtractedClip } from './extraction/extract-clip.ts';
export { extractFile } from './extraction/extract-file.ts';
export type { ExtractedFile } from './extraction/extract-file.ts';
export type { FirstLevelStage, StageWatch } from './extraction/stage-watch.ts';
export { FewLabelsPredictor } from './few-labels/few-labels-predictor.ts';
export type { ClipLabels } from './few-labels/few-labels-predictor.ts';
export { predictFromLabels } from './few-labels/predict-from-labels.ts';
export type { FewLabelsScore } from './few-labels/judge-few-labels.ts';
export { BundledNet } from './first-level/bundled-net.ts';
export {
  finiteRow,
  firstLevelRecord,
  firstLevelRecordSchema,
  renamedRecord,
} from './first-level/first-level-record.ts';
export type { FirstLevelParts, FirstLevelRecord } from './first-level/first-level-record.ts';
export { neighbourClip, recordsInMemory } from './first-level/first-level-records.ts';
export type { FirstLevelRecords, NeighbourClip } from './first-level/first-level-records.ts';
export { keptRecordSchema, keptRecordsKey, readKeptRecords } from './first-level/kept-records.ts';
export type { KeptRecord, KeptRecords } from './first-level/kept-records.ts';
export { addShare } from './first-level/mean-of-folds.ts';
export { listInputs, withDistinctNames } from './inputs/list-inputs.ts';
export type { InputFile, InputList } from './inputs/list-inputs.ts';
export { withOrigins } from './inputs/with-origins.ts';
export { doubtfulTimes, withTimeOrder } from './inputs/with-time-order.ts';
export { clipPredictionSchema } from './predict/clip-prediction.ts';
export type { ClipPrediction } from './predict/clip-prediction.ts';
export { ModelPredictor, modelsDigest } from './predict/model-predictor.ts';
export { predictFiles } from './predict/predict-files.ts';
export type { ClipPredictor, FilePredictions, PredictFilesOptions } from './predict/predict-files.ts';
export { Predictor } from './predict/predictor.ts';
export type { PredictorParts } from './predict/predictor.ts';
export type { Corrections, ReviewedClip, ReviewedSource } from './refit/corrections.ts';
export { readRefitCard, refitCardFile, refitOutOfFoldFile, refitScoresSchema } from './refit/refit-card.ts';
export type { RefitCard, RefitScores } from './refit/refit-card.ts';
export { RefitError } from './refit/refit-error.ts';
export { nextRefitFolder, removeRefitLeftovers } from './refit/refit-folder.ts';
export { secondLevelPath, trainingFactsFile, whyNoTraining } from './refit/training-files.ts';
export type { TableSplit } from './refit/training-files.ts';
export { BundledStack } from './second-level/bundled-stack.ts';
export { neighbourColumns } from './second-level/neighbour-columns.ts';
export { clipMatrix, columnPrefix, missingValue } from './second-level/second-level-columns.ts';
export type { ClipMatrixOptions } from './second-level/second-level-columns.ts';
export { clipsAtOnce } from './work/clips-at-once.ts';
export { forEachConcurrently } from './work/concurrency.ts';
export { Journal } from './work/journal.ts';
