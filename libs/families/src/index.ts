export { discoverFamilies, FamilyError } from './discover.ts';
export type { Family } from './discover.ts';
export { calibrationMethods, weighings } from './ensemble-family.ts';
export type {
  Calibration,
  CalibrationMethod,
  EnsembleFamily,
  EnsembleMember,
  EnsembleSettings,
  Weighing,
} from './ensemble-family.ts';
export type { FamilyIdentity, JsonValue } from './family.ts';
export { noWeights } from './feature-family.ts';
export type {
  BackgroundTakenOff,
  ClipExtraction,
  ClipFeatures,
  FamilyInFiles,
  FeatureContext,
  FeatureExtractor,
  FeatureFamily,
  WeightsProvenance,
} from './feature-family.ts';
export type { FileTimes, MetadataContext, MetadataFamily, MetadataSettings } from './metadata-family.ts';
export type { NeighbourFamily, NeighbourSettings } from './neighbour-family.ts';
export type { NetFamily, NetSettings } from './net-family.ts';
export { NetFileError, netOfFile, readNetFile } from './net-file.ts';
export type { NetFile } from './net-file.ts';
export { netInputShape } from './net-input-shape.ts';
export { netOver } from './net-over.ts';
export { prepareFamilies, runnableFamilies } from './preparation.ts';
export type { Preparation, PreparationOptions, PreparationProgress, RunnableFamilies } from './preparation.ts';
export type { FeatureMatrix, StackFamily, StackFitInput, StackModel } from './stack-family.ts';
