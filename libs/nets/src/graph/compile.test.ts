import { feedTensor, floatOutput, openSession } from '@primatrix/onnx';
import { expect, test } from 'vitest';
import { benchTrainStep } from '../bench/index.ts';
import {
  compileTraining,
  exportInference,
  initialWeights,
  outputShape,
  parameterCount,
  SpecError,
  type NetSpec,
} from '../index.ts';

const out = { type: 'Dense', units: 2, activation: 'sigmoid' } as const;

test('shapes and parameter counts are those of Keras', () => {
  const gru: NetSpec = {
    name: 'vgg16-gru',
    input: [112, 512],
    layers: [
      { type: 'GRU', units: 1024, recurrentDropout: 0.5 },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: 24, activation: 'sigmoid' },
    ],
  };
  expect(outputShape(gru)).toEqual([24]);
  expect(parameterCount(gru)).toBe(3 * 1024 * (512 + 1024 + 1) + 24 * 1025);
  const conv: NetSpec = {
    name: 'conv',
    input: [9, 9, 3],
    layers: [
      { type: 'Conv2D', filters: 8, kernelSize: [3, 3], padding: 'same' },
      { type: 'BatchNormalization' },
      { type: 'MaxPooling2D', poolSize: [2, 2] },
      { type: 'Flatten' },
      out,
    ],
  };
  expect(parameterCount(conv)).toBe(8 * 28 + 4 * 8 + 2 * (4 * 4 * 8 + 1));
});

test.each<[string, NetSpec, RegExp]>([
  ['no such layer', { name: 'x', input: [2], layers: [{ type: 'Dens' } as never] }, /'x' is no net spec/],
  ['a setting of the wrong kind', { name: 'x', input: [2], layers: [{ type: 'Dense', units: 0 }] }, /units/],
  [
    'an unknown setting',
    { name: 'x', input: [2], layers: [{ type: 'Dense', units: 1, activaton: 'relu' } as never] },
    /activaton/,
  ],
  [
    'an input of the wrong rank',
    { name: 'x', input: [2], layers: [{ type: 'GRU', units: 3 }] },
    /layer 'gru_1' of net 'x' needs an input of 2 dimensions, got \[2\]/,
  ],
  [
    'a name twice',
    {
      name: 'x',
      input: [2],
      layers: [
        { ...out, name: 'a' },
        { ...out, name: 'a' },
      ],
    },
    /two layers named 'a'/,
  ],
  ['no sigmoid at the end', { name: 'x', input: [2], layers: [{ type: 'Dense', units: 3 }] }, /must end in .*sigmoid/],
])('refuses %s', (_what, spec, message) => {
  expect(() => compileTraining(spec, 2)).toThrow(SpecError);
  expect(() => compileTraining(spec, 2)).toThrow(message);
});

test("refuses weights that are not the net's", () => {
  const spec: NetSpec = { name: 'x', input: [2], layers: [out] };
  const weights = initialWeights(spec, 1);
  expect(() =>
    exportInference(spec, { ...weights, more: weights['dense_1/bias'] as (typeof weights)[string] }),
  ).toThrow(/no weight 'more'/);
  expect(() => exportInference(spec, { 'dense_1/bias': weights['dense_1/bias'] as (typeof weights)[string] })).toThrow(
    /needs weight 'dense_1\/kernel'/,
  );
});

test('batch normalisation moves its statistics towards those of the batch', async () => {
  const spec: NetSpec = { name: 'bn', input: [2], layers: [{ type: 'BatchNormalization', momentum: 0.9 }, out] };
  const graph = compileTraining(spec, 4);
  expect(graph.updated).toEqual(['batch_normalization_1/moving_mean', 'batch_normalization_1/moving_variance']);
  const session = await openSession(graph.model, { threads: 1 });
  const outputs = await session.run({
    x: feedTensor({ dtype: 'float32', shape: [4, 2], data: Float32Array.of(1, 10, 2, 10, 3, 10, 6, 14) }),
    labels: feedTensor({ dtype: 'float32', shape: [4, 2], data: new Float32Array(8) }),
    sampleWeights: feedTensor({ dtype: 'float32', shape: [4], data: new Float32Array(4).fill(1) }),
    ...Object.fromEntries(Object.entries(initialWeights(spec, 1)).map(([name, tensor]) => [name, feedTensor(tensor)])),
  });
  const moved = [
    ...floatOutput(outputs, 'update:batch_normalization_1/moving_mean'),
    ...floatOutput(outputs, 'update:batch_normalization_1/moving_variance'),
  ];
  [0.1 * 3, 0.1 * 11, 0.9 + 0.1 * 3.5, 0.9 + 0.1 * 3].forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 5));
  await session.release();
});

test("starting weights follow Keras' rules", () => {
  const spec: NetSpec = { name: 'x', input: [4, 6], layers: [{ type: 'LSTM', units: 5 }, out] };
  const weights = initialWeights(spec, 1);
  expect([...(weights['lstm_1/bias']?.data ?? [])]).toEqual([
    0,
    0,
    0,
    0,
    0,
    1,
    1,
    1,
    1,
    1,
    ...Array.from({ length: 10 }, () => 0),
  ]);
  const limit = Math.sqrt(6 / (6 + 20));
  const kernel = weights['lstm_1/kernel']?.data ?? new Float32Array();
  expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(limit);
  expect(Math.max(...kernel.map(Math.abs))).toBeGreaterThan(limit / 2);
  const recurrent = weights['lstm_1/recurrent_kernel']?.data ?? new Float32Array();
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b < 5; b++) {
      const dot = recurrent
        .subarray(20 * a, 20 * a + 20)
        .reduce((sum, value, i) => sum + value * (recurrent[20 * b + i] as number), 0);
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 5);
    }
  }
});

test('graphs stay small enough to load', () => {
  const gru: NetSpec = { name: 'gru', input: [56, 512], layers: [{ type: 'GRU', units: 16 }, out] };
  expect(compileTraining(gru, 48).nodes).toBeLessThan(1_600);
});

test('the bench reports figures that are JSON', async () => {
  const figures = await benchTrainStep({ rounds: 1, threads: 1 });
  expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  expect(figures.share).toBeGreaterThan(0);
});
