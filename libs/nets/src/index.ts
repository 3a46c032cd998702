export { activationSchema, layerSpecSchema, netSpecSchema } from './layer-spec.ts';
export type {
  Activation,
  LayerOf,
  LayerSpec,
  LayerType,
  NetSpec,
  PlainLayerSpec,
  ResolvedLayerSpec,
} from './layer-spec.ts';
export { optimizerSchema, stepsOfEpoch, trainSettingsSchema } from './train-settings.ts';
export type { OptimizerSettings, ResolvedOptimizer, ResolvedTrainSettings, TrainSettings } from './train-settings.ts';
export { compileEvaluation, compileTraining, exportInference } from './graph/compile.ts';
export type { TrainingGraph } from './graph/compile.ts';
export type { MaskInput } from './graph/emitter.ts';
export {
  checkWeights,
  initialWeights,
  netWeights,
  outputShape,
  parameterCount,
  resolveNet,
  withShapes,
} from './net.ts';
export type { NamedWeight, Net, NetLayer, NetWeights } from './net.ts';
export { SpecError } from './spec-error.ts';
export { EngineError } from './engine/engine-error.ts';
export { openEngine, requireEngine } from './engine/open-engine.ts';
export { engines } from './engine/train-engine.ts';
export type {
  EngineName,
  EngineOptions,
  StepInput,
  StepOutput,
  TrainEngine,
  WeightValues,
} from './engine/train-engine.ts';
export { Optimizer } from './optimizer.ts';
export { binaryCrossEntropy, openComparedNet, predictNet } from './predict-net.ts';
export type { PredictOptions } from './predict-net.ts';
export type { Padding } from './train/crop.ts';
export { runTraining } from './train/run-training.ts';
export type { TrainingHooks } from './train/run-training.ts';
export { SampleCache, SampleError, usualCacheBytes } from './train/sample.ts';
export type { Sample, SampleTensor } from './train/sample.ts';
export { trainNet } from './train/train-net.ts';
export type { TrainOptions } from './train/train-net.ts';
export { TrainingError } from './train/training-error.ts';
export type { TrainingPlace } from './train/training-error.ts';
export type { TrainingEvent, TrainingJob, TrainingResult } from './train/training-job.ts';
export type { EpochRecord } from './train/training-state.ts';
export { trainingMemory } from './training-memory.ts';
