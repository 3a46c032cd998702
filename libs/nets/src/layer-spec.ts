import { z } from 'zod';

/** Element-wise functions a layer may end in. `hardSigmoid` is Keras': clip(0.2 x + 0.5, 0, 1). */
export const activationSchema = z.enum(['linear', 'relu', 'tanh', 'sigmoid', 'hardSigmoid']);
/** The function at the end of a layer, by Keras' name. */
export type Activation = z.infer<typeof activationSchema>;

const name = z
  .string()
  .regex(/^[a-z0-9_-]+$/i)
  .optional();
const units = z.int().positive();
const rate = z.number().min(0).lt(1);
const size1 = z.tuple([z.int().positive()]);
const size2 = z.tuple([z.int().positive(), z.int().positive()]);
const size3 = z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]);
const padding = z.enum(['valid', 'same']);

const dense = z.strictObject({
  type: z.literal('Dense'),
  name,
  units,
  activation: activationSchema.default('linear'),
  useBias: z.boolean().default(true),
});
const dropout = z.strictObject({ type: z.literal('Dropout'), name, rate });
const activation = z.strictObject({ type: z.literal('Activation'), name, activation: activationSchema });
const flatten = z.strictObject({ type: z.literal('Flatten'), name });
const reshape = z.strictObject({
  type: z.literal('Reshape'),
  name,
  /** One axis may be -1: what is left of the elements, as in Keras. */
  targetShape: z
    .array(z.union([z.int().positive(), z.literal(-1)]))
    .min(1)
    .refine((shape) => shape.filter((side) => side === -1).length <= 1, 'at most one axis may be -1'),
});
/** x * scale + offset. */
const rescaling = z.strictObject({
  type: z.literal('Rescaling'),
  name,
  scale: z.number(),
  offset: z.number().default(0),
});

const recurrent = {
  name,
  units,
  activation: activationSchema.default('tanh'),
  /** Keras 2.0.8: hardSigmoid. Keras 2.3 and later, PyTorch: sigmoid. */
  recurrentActivation: activationSchema.default('hardSigmoid'),
  useBias: z.boolean().default(true),
  returnSequences: z.boolean().default(false),
  /** Share of inputs dropped, one mask a sequence and gate. */
  dropout: rate.default(0),
  /** Share of the state dropped before the recurrent product, one mask a sequence and gate. */
  recurrentDropout: rate.default(0),
};
const gru = z.strictObject({
  type: z.literal('GRU'),
  ...recurrent,
  /** Reset gate after the recurrent product (cuDNN, PyTorch) instead of before it (Keras 2.0.8). */
  resetAfter: z.boolean().default(false),
});
const lstm = z.strictObject({ type: z.literal('LSTM'), ...recurrent, unitForgetBias: z.boolean().default(true) });
const convLstm2d = z.strictObject({
  type: z.literal('ConvLSTM2D'),
  name,
  filters: units,
  kernelSize: size2,
  padding: padding.default('valid'),
  activation: activationSchema.default('tanh'),
  recurrentActivation: activationSchema.default('hardSigmoid'),
  useBias: z.boolean().default(true),
  unitForgetBias: z.boolean().default(true),
  returnSequences: z.boolean().default(false),
});

const conv = {
  name,
  filters: units,
  padding: padding.default('valid'),
  activation: activationSchema.default('linear'),
  useBias: z.boolean().default(true),
};
const conv1d = z.strictObject({ type: z.literal('Conv1D'), ...conv, kernelSize: size1, strides: size1.default([1]) });
const conv2d = z.strictObject({
  type: z.literal('Conv2D'),
  ...conv,
  kernelSize: size2,
  strides: size2.default([1, 1]),
});
const conv3d = z.strictObject({
  type: z.literal('Conv3D'),
  ...conv,
  kernelSize: size3,
  strides: size3.default([1, 1, 1]),
});

// Pools do not overlap (strides = poolSize, Keras' default): every net of the ensemble pools so.
const maxPool1d = z.strictObject({ type: z.literal('MaxPooling1D'), name, poolSize: size1 });
const maxPool2d = z.strictObject({ type: z.literal('MaxPooling2D'), name, poolSize: size2 });
const maxPool3d = z.strictObject({ type: z.literal('MaxPooling3D'), name, poolSize: size3 });
const globalMax1d = z.strictObject({ type: z.literal('GlobalMaxPooling1D'), name });
const globalAverage1d = z.strictObject({ type: z.literal('GlobalAveragePooling1D'), name });

/** Mean, deviation and percentiles of each feature over time, in this order. */
const frameStatistics = z.strictObject({
  type: z.literal('FrameStatistics'),
  name,
  /** 0 is the least value, 100 the largest. */
  percentiles: z.array(z.number().min(0).max(100)).default([0, 25, 50, 75, 100]),
});
/** Mean over time, weighted by a softmax of what frames score. */
const attentionPooling1d = z.strictObject({
  type: z.literal('AttentionPooling1D'),
  name,
  /** Of a tanh layer before the score; without it the score is linear. */
  units: units.optional(),
});

const batchNorm = z.strictObject({
  type: z.literal('BatchNormalization'),
  name,
  momentum: z.number().min(0).lt(1).default(0.99),
  epsilon: z.number().positive().default(1e-3),
});

const plainLayers = [
  dense,
  dropout,
  activation,
  flatten,
  reshape,
  rescaling,
  gru,
  lstm,
  convLstm2d,
  conv1d,
  conv2d,
  conv3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  globalMax1d,
  globalAverage1d,
  frameStatistics,
  attentionPooling1d,
  batchNorm,
] as const;
/** Applies one layer to every time step alike. */
const timeDistributed = z.strictObject({
  type: z.literal('TimeDistributed'),
  name,
  layer: z.discriminatedUnion('type', plainLayers),
});

/** One layer: a Keras class name and its settings, in camel case, with Keras 2.0.8's defaults. */
export const layerSpecSchema = z.discriminatedUnion('type', [...plainLayers, timeDistributed]);
/** A layer as it is written: settings with defaults may be left out. */
export type LayerSpec = z.input<typeof layerSpecSchema>;
/** A layer with every default filled in. */
export type ResolvedLayerSpec = z.output<typeof layerSpecSchema>;
/** Any layer but TimeDistributed, which only repeats one of these. */
export type PlainLayerSpec = Exclude<ResolvedLayerSpec, { type: 'TimeDistributed' }>;
/** The class names. */
export type LayerType = ResolvedLayerSpec['type'];
/** The settings of one class of layers. */
export type LayerOf<T extends LayerType> = Extract<ResolvedLayerSpec, { type: T }>;

/**
 * A net as JSON: its input shape without the batch, and layers that follow each other. It ends in sigmoid
 * outputs, one a class: `{ type: 'Dense', units: classes, activation: 'sigmoid' }`.
 */
export const netSpecSchema = z.strictObject({
  name: z.string().min(1),
  input: z.array(z.int().positive()).min(1),
  layers: z.array(layerSpecSchema).min(1),
});
/** A net as it is written. */
export type NetSpec = z.input<typeof netSpecSchema>;
