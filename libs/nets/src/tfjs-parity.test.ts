import { floatOutput, feedTensor, openSession } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfLayers, sequential, type Sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  compileTraining,
  exportInference,
  initialWeights,
  netSpecSchema,
  resolveNet,
  type NetSpec,
  type NetWeights,
} from './index.ts';
import type { ResolvedLayerSpec } from './layer-spec.ts';

beforeAll(() => tf.setBackend('cpu'));

const classes = 3;
const out = { type: 'Dense', units: classes, activation: 'sigmoid' } as const;
const nets: NetSpec[] = [
  {
    name: 'dense',
    input: [5],
    layers: [{ type: 'Dense', units: 7, activation: 'tanh' }, { type: 'Dense', units: 6, activation: 'relu' }, out],
  },
  {
    name: 'dense-steps',
    input: [4, 5],
    layers: [{ type: 'Dense', units: 7, activation: 'relu' }, { type: 'Flatten' }, out],
  },
  { name: 'gru', input: [5, 4], layers: [{ type: 'GRU', units: 6 }, out] },
  {
    name: 'gru-sigmoid',
    input: [5, 4],
    layers: [{ type: 'GRU', units: 6, recurrentActivation: 'sigmoid', useBias: false }, out],
  },
  {
    name: 'gru-gru',
    input: [5, 4],
    layers: [{ type: 'GRU', units: 6, returnSequences: true }, { type: 'GRU', units: 5 }, out],
  },
  {
    name: 'gru-steps',
    input: [5, 4],
    layers: [{ type: 'GRU', units: 6, returnSequences: true }, { type: 'Flatten' }, out],
  },
  { name: 'lstm', input: [5, 4], layers: [{ type: 'LSTM', units: 6 }, out] },
  {
    name: 'lstm-lstm',
    input: [5, 4],
    layers: [
      { type: 'LSTM', units: 6, returnSequences: true, unitForgetBias: false },
      { type: 'LSTM', units: 5, recurrentActivation: 'sigmoid' },
      out,
    ],
  },
  {
    name: 'conv1d',
    input: [11, 2],
    layers: [
      { type: 'Conv1D', filters: 4, kernelSize: [3], padding: 'same', activation: 'tanh' },
      { type: 'Conv1D', filters: 3, kernelSize: [4], padding: 'same' },
      { type: 'MaxPooling1D', poolSize: [3] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv1d-strides',
    input: [12, 2],
    layers: [
      { type: 'Conv1D', filters: 4, kernelSize: [3], strides: [2] },
      { type: 'Conv1D', filters: 3, kernelSize: [3], strides: [2], padding: 'same' },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv2d',
    input: [7, 6, 2],
    layers: [
      { type: 'Conv2D', filters: 4, kernelSize: [3, 1], padding: 'same', activation: 'relu' },
      { type: 'Conv2D', filters: 3, kernelSize: [2, 3], activation: 'relu' },
      { type: 'MaxPooling2D', poolSize: [2, 1] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv3d',
    input: [5, 6, 4, 2],
    layers: [
      { type: 'Conv3D', filters: 3, kernelSize: [3, 3, 3], padding: 'same', activation: 'relu' },
      { type: 'Conv3D', filters: 4, kernelSize: [2, 3, 1] },
      { type: 'MaxPooling3D', poolSize: [2, 2, 2] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv-long',
    input: [12, 4, 5, 2],
    layers: [
      { type: 'Conv3D', filters: 3, kernelSize: [3, 3, 2], padding: 'same', activation: 'tanh' },
      { type: 'Conv3D', filters: 4, kernelSize: [2, 3, 1], strides: [1, 1, 2] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'batch-norm',
    input: [6, 3],
    layers: [
      { type: 'Conv1D', filters: 4, kernelSize: [3], activation: 'relu' },
      { type: 'BatchNormalization' },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'batch-norm-pool',
    input: [14, 3],
    layers: [
      { type: 'Conv1D', filters: 4, kernelSize: [3], activation: 'relu' },
      { type: 'BatchNormalization' },
      { type: 'MaxPooling1D', poolSize: [3] },
      { type: 'Conv1D', filters: 5, kernelSize: [2], activation: 'tanh' },
      { type: 'BatchNormalization' },
      { type: 'MaxPooling1D', poolSize: [2] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'row-pools',
    input: [11, 4, 2],
    layers: [
      { type: 'Conv2D', filters: 3, kernelSize: [2, 2], activation: 'tanh' },
      { type: 'MaxPooling2D', poolSize: [3, 1] },
      { type: 'Flatten' },
      out,
    ],
  },
  { name: 'pools', input: [6, 3], layers: [{ type: 'Dense', units: 4 }, { type: 'GlobalMaxPooling1D' }, out] },
  { name: 'means', input: [6, 3], layers: [{ type: 'Dense', units: 4 }, { type: 'GlobalAveragePooling1D' }, out] },
  {
    name: 'time-distributed',
    input: [3, 4, 4, 2],
    layers: [
      {
        type: 'TimeDistributed',
        layer: { type: 'Conv2D', filters: 3, kernelSize: [3, 3], padding: 'same', activation: 'relu' },
      },
      { type: 'TimeDistributed', layer: { type: 'MaxPooling2D', poolSize: [2, 2] } },
      { type: 'TimeDistributed', layer: { type: 'Flatten' } },
      { type: 'LSTM', units: 4 },
      out,
    ],
  },
  {
    name: 'conv-lstm',
    input: [3, 5, 4, 2],
    layers: [
      { type: 'ConvLSTM2D', filters: 3, kernelSize: [3, 3], padding: 'same', returnSequences: true },
      { type: 'MaxPooling3D', poolSize: [1, 2, 2] },
      { type: 'ConvLSTM2D', filters: 2, kernelSize: [2, 1] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv-lstm-stack',
    input: [4, 4, 4, 3],
    layers: [
      { type: 'ConvLSTM2D', filters: 3, kernelSize: [3, 3], padding: 'same', returnSequences: true },
      { type: 'ConvLSTM2D', filters: 3, kernelSize: [3, 3], padding: 'same', returnSequences: true },
      { type: 'MaxPooling3D', poolSize: [1, 2, 2] },
      { type: 'Flatten' },
      out,
    ],
  },
];

/** Weights away from special points: zero biases hide faults. */
function weightsOf(spec: NetSpec): NetWeights {
  const rng = Rng.of(3, spec.name);
  const weights = initialWeights(spec, 1);
  for (const [name, { data }] of Object.entries(weights)) {
    data.forEach((value, i) => (data[i] = value + rng.between(-0.3, 0.3)));
    // A negative factor turns the order of what a pool sees around.
    if (name === 'batch_normalization_1/gamma') data[0] = -(data[0] as number);
  }
  return weights;
}

/** The same net from tfjs' own layers. */
function oracle(spec: NetSpec, weights: NetWeights): Sequential {
  const net = resolveNet(spec);
  const model = sequential();
  const specs = netSpecSchema.parse(spec).layers;
  specs.forEach((layer, i) => {
    const first = i === 0 ? { inputShape: [...net.input] } : {};
    model.add(tfjsLayer(layer, first));
  });
  // Layer by layer: tfjs lists weights that do not learn after all others.
  net.layers.forEach((layer, i) => {
    model.layers[i]?.setWeights(
      layer.weights.map(({ name, shape }) =>
        tf.tensor((weights[`${layer.name}/${name}`] as NetWeights[string]).data, [...shape]),
      ),
    );
  });
  return model;
}

function tfjsLayer(spec: ResolvedLayerSpec, first: { inputShape?: number[] }): tfLayers.Layer {
  const { type, ...settings } = spec;
  const make = {
    BatchNormalization: 'batchNormalization',
    Conv1D: 'conv1d',
    Conv2D: 'conv2d',
    Conv3D: 'conv3d',
    Dense: 'dense',
    Flatten: 'flatten',
    GRU: 'gru',
    GlobalAveragePooling1D: 'globalAveragePooling1d',
    GlobalMaxPooling1D: 'globalMaxPooling1d',
    LSTM: 'lstm',
    ConvLSTM2D: 'convLstm2d',
    MaxPooling1D: 'maxPooling1d',
    MaxPooling2D: 'maxPooling2d',
    MaxPooling3D: 'maxPooling3d',
  } as Record<string, keyof typeof tfLayers>;
  delete (settings as { resetAfter?: boolean }).resetAfter;
  if (type === 'TimeDistributed') {
    return tfLayers.timeDistributed({
      layer: tfjsLayer((settings as { layer: ResolvedLayerSpec }).layer, {}),
      ...first,
    });
  }
  // Weights are set later; tfjs' own first ones, of cells, want methods of tensors that its parts for Node lack.
  const cells = { recurrentInitializer: 'zeros' };
  return (tfLayers[make[type] as 'dense'] as (args: object) => tfLayers.Layer)({ ...settings, ...cells, ...first });
}

function closeTo(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length, what).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-6);
  const worst = Math.max(...Array.from(got, (value, i) => Math.abs(value - (expected[i] as number))));
  expect(worst / scale, what).toBeLessThan(tolerance);
}

describe.each(nets)('$name', (spec) => {
  const batch = 4;
  const rng = Rng.of(5, spec.name);
  const size = spec.input.reduce((a, b) => a * b, batch);
  const x = Float32Array.from({ length: size }, () => rng.between(-1.5, 1.5));
  const labels = Float32Array.from({ length: batch * classes }, () => rng.int(2));
  // The last sample only fills the batch up.
  const sampleWeights = Float32Array.from({ length: batch }, (_, i) => (i < batch - 1 ? 1 : 0));
  const weights = weightsOf(spec);

  test('loss and gradients are those of tfjs', async () => {
    const graph = compileTraining(spec, batch);
    const session = await openSession(graph.model, { threads: 1 });
    const outputs = await session.run({
      x: feedTensor({ dtype: 'float32', shape: [batch, ...spec.input], data: x }),
      labels: feedTensor({ dtype: 'float32', shape: [batch, classes], data: labels }),
      sampleWeights: feedTensor({ dtype: 'float32', shape: [batch], data: sampleWeights }),
      ...Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, feedTensor(tensor)])),
    });
    const model = oracle(spec, weights);
    const variables = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
    const { value, grads } = tf.variableGrads(() => {
      const rows = (all: tf.Tensor) => tf.slice(all, [0, 0], [batch - 1, classes]);
      const p = rows(model.apply(tf.tensor(x, [batch, ...spec.input]), { training: true }) as tf.Tensor);
      const y = rows(tf.tensor2d(labels, [batch, classes]));
      const agreement = tf.add(tf.mul(y, tf.log(p)), tf.mul(tf.sub(1, y), tf.log(tf.sub(1, p))));
      return tf.neg<tf.Scalar>(tf.mean(agreement));
    }, variables);
    closeTo(floatOutput(outputs, 'loss'), value.dataSync(), 1e-5, 'loss');
    graph.trainable.forEach((name, i) => {
      const expected = grads[variables[i]?.name as string] as tf.Tensor;
      closeTo(floatOutput(outputs, `grad:${name}`), expected.dataSync(), 1e-4, name);
    });
    await session.release();
  });

  test.each([1, batch])('prediction of %d samples is that of tfjs', async (n) => {
    const session = await openSession(exportInference(spec, weights), { threads: 1 });
    const part = x.subarray(0, (size / batch) * n);
    const outputs = await session.run({ x: feedTensor({ dtype: 'float32', shape: [n, ...spec.input], data: part }) });
    const expected = oracle(spec, weights).predict(tf.tensor(part, [n, ...spec.input])) as tf.Tensor;
    expect(outputs['y']?.dims).toEqual([n, classes]);
    closeTo(floatOutput(outputs, 'y'), expected.dataSync(), 1e-5, 'y');
    await session.release();
  });
});
