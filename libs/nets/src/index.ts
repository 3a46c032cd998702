export { activationSchema, layerSpecSchema, netSpecSchema } from './layer-spec.ts';
export type { Activation, LayerOf, LayerSpec, LayerType, NetSpec, ResolvedLayerSpec } from './layer-spec.ts';
export { optimizerSchema, trainSettingsSchema } from './train-settings.ts';
export type { OptimizerSettings, ResolvedOptimizer, ResolvedTrainSettings, TrainSettings } from './train-settings.ts';
