import { expect, test } from 'vitest';
import { learnableSamples } from '../conformance/index.ts';
import {
  exportInference,
  predictNet,
  runTraining,
  trainNet,
  type NetSpec,
  type NetWeights,
  type TrainingJob,
} from '../index.ts';
import { tfjsPackages } from './tfjs-runtime.ts';

const out = { type: 'Dense', units: 3, activation: 'sigmoid' } as const;
const nets: NetSpec[] = [
  {
    name: 'gru',
    input: [6, 5],
    layers: [
      { type: 'Rescaling', scale: 1.5, offset: 0.1 },
      { type: 'GRU', units: 6, recurrentDropout: 0.4, returnSequences: true },
      { type: 'GRU', units: 5, resetAfter: true, dropout: 0.2, recurrentActivation: 'sigmoid' },
      { type: 'Dropout', rate: 0.5 },
      out,
    ],
  },
  {
    name: 'lstm',
    input: [6, 5],
    layers: [
      { type: 'LSTM', units: 6, recurrentDropout: 0.2, dropout: 0.2, returnSequences: true },
      { type: 'LSTM', units: 5 },
      { type: 'Dense', units: 8, activation: 'tanh' },
      out,
    ],
  },
  {
    name: 'audio',
    input: [64, 2],
    layers: [
      { type: 'Conv1D', filters: 4, kernelSize: [9], padding: 'same', activation: 'relu' },
      { type: 'BatchNormalization', momentum: 0.9 },
      { type: 'Dropout', rate: 0.3 },
      { type: 'Conv1D', filters: 5, kernelSize: [3], strides: [2], activation: 'tanh' },
      { type: 'MaxPooling1D', poolSize: [4] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv3d',
    input: [5, 8, 6, 3],
    layers: [
      { type: 'Conv3D', filters: 4, kernelSize: [3, 3, 3], padding: 'same', activation: 'relu' },
      { type: 'MaxPooling3D', poolSize: [2, 2, 2] },
      { type: 'Dropout', rate: 0.2 },
      { type: 'BatchNormalization' },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'frames',
    input: [3, 6, 4, 2],
    layers: [
      {
        type: 'TimeDistributed',
        layer: { type: 'Conv2D', filters: 3, kernelSize: [3, 3], padding: 'same', activation: 'relu' },
      },
      { type: 'TimeDistributed', layer: { type: 'MaxPooling2D', poolSize: [2, 2] } },
      { type: 'TimeDistributed', layer: { type: 'Dropout', rate: 0.2 } },
      { type: 'ConvLSTM2D', filters: 3, kernelSize: [3, 3], padding: 'same' },
      { type: 'Reshape', targetShape: [6, 3] },
      { type: 'GlobalAveragePooling1D' },
      out,
    ],
  },
  {
    name: 'attention',
    input: [4, 5],
    layers: [{ type: 'AttentionPooling1D', units: 6 }, { type: 'Dense', units: 6, activation: 'relu' }, out],
  },
  {
    name: 'judges-steps',
    input: [4, 5],
    layers: [{ type: 'LSTM', units: 6, returnSequences: true }, { type: 'Activation', activation: 'hardSigmoid' }, out],
  },
];

function job(spec: NetSpec): TrainingJob {
  const samples = learnableSamples(spec.input, 3, 12);
  return {
    spec,
    seed: 3,
    train: samples,
    valid: samples.slice(0, 5),
    threads: 1,
    // An epoch is a step, so that each loss is seen.
    settings: {
      optimizer: { kind: 'adam', learningRate: 0.01 },
      batch: 4,
      microBatch: 2,
      stepsPerEpoch: 1,
      maxEpochs: 20,
      patience: 20,
    },
  };
}

/** Of the samples by which the job is judged. */
function predicted(spec: NetSpec, weights: NetWeights): Promise<Float32Array> {
  return predictNet(exportInference(spec, weights), job(spec).valid, { input: spec.input, classes: 3, threads: 1 });
}

test.each(nets)('20 steps of $name lose the same with both engines', async (spec) => {
  const [onnx, tfjs] = [await runTraining(job(spec)), await runTraining({ ...job(spec), engine: 'tfjs' })];
  expect(tfjs.history.length).toBe(20);
  tfjs.history.forEach((record, i) => {
    expect(Math.abs(record.loss - (onnx.history[i]?.loss as number)), `loss of step ${i + 1}`).toBeLessThan(1e-3);
    expect(
      Math.abs(record.validLoss - (onnx.history[i]?.validLoss as number)),
      `validation loss after step ${i + 1}`,
    ).toBeLessThan(1e-3);
  });
  expect(tfjs.history.at(-1)?.loss).not.toBe(tfjs.history[0]?.loss);
  const [ofOnnx, ofTfjs] = await Promise.all([onnx, tfjs].map(({ weights }) => predicted(spec, weights)));
  ofTfjs?.forEach((p, i) => expect(Math.abs(p - (ofOnnx?.[i] as number))).toBeLessThan(1e-3));
});

test('the same job gives the same weights twice, in a worker too', async () => {
  const twice = { ...job(nets[2] as NetSpec), engine: 'tfjs' } as const;
  const first = await runTraining(twice);
  expect((await runTraining(twice)).weights).toEqual(first.weights);
  expect((await trainNet(twice)).weights).toEqual(first.weights);
});

test('what the engine lacks is said before anything is done', async () => {
  expect(() =>
    tfjsPackages(() => {
      throw new Error('no such package');
    }),
  ).toThrow(
    expect.objectContaining({
      code: 'ENGINE_MISSING',
      hint: expect.stringMatching(/npm install @tensorflow\/tfjs-node/),
    }),
  );
  const spec: NetSpec = {
    name: 'statistics',
    input: [4, 5],
    layers: [{ type: 'FrameStatistics', percentiles: [50] }, out],
  };
  await expect(trainNet({ ...job(spec), engine: 'tfjs' })).rejects.toMatchObject({
    code: 'ENGINE_LAYER',
    fields: { net: 'statistics', type: 'FrameStatistics' },
  });
});
