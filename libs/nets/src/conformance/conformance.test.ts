import { describe, expect, test } from 'vitest';
import type { NetSpec } from '../index.ts';
import { checkGradients, conformanceChecks, netConformance } from './index.ts';

const out = { type: 'Dense', units: 3, activation: 'sigmoid' } as const;
const nets: NetSpec[] = [
  {
    name: 'dense',
    input: [6],
    layers: [
      { type: 'Rescaling', scale: 2, offset: 0.5 },
      { type: 'Dense', units: 16, activation: 'tanh' },
      { type: 'Dropout', rate: 0.5 },
      out,
    ],
  },
  { name: 'gru', input: [6, 5], layers: [{ type: 'GRU', units: 8 }, out] },
  {
    name: 'gru-dropout',
    input: [6, 5],
    layers: [{ type: 'GRU', units: 8, recurrentDropout: 0.5, dropout: 0.3 }, { type: 'Dropout', rate: 0.5 }, out],
  },
  {
    name: 'gru-input-dropout',
    input: [6, 5],
    layers: [
      { type: 'GRU', units: 8, returnSequences: true },
      { type: 'GRU', units: 8, dropout: 0.5, recurrentActivation: 'sigmoid' },
      out,
    ],
  },
  {
    name: 'gru-reset-after',
    input: [6, 5],
    layers: [
      { type: 'GRU', units: 8, resetAfter: true, recurrentActivation: 'sigmoid', returnSequences: true },
      { type: 'GRU', units: 8, resetAfter: true, recurrentDropout: 0.3 },
      out,
    ],
  },
  {
    name: 'lstm-dropout',
    input: [6, 5],
    layers: [
      { type: 'LSTM', units: 8, recurrentDropout: 0.2, returnSequences: true },
      { type: 'LSTM', units: 8, dropout: 0.2 },
      out,
    ],
  },
  {
    name: 'steps',
    input: [4, 6, 2],
    layers: [
      { type: 'TimeDistributed', layer: { type: 'Dropout', rate: 0.2 } },
      { type: 'TimeDistributed', layer: { type: 'Flatten' } },
      { type: 'LSTM', units: 8, returnSequences: true },
      out,
    ],
  },
  {
    name: 'one-step',
    input: [1, 3],
    layers: [
      { type: 'TimeDistributed', layer: { type: 'Dense', units: 4, activation: 'tanh' } },
      { type: 'GRU', units: 4 },
      out,
    ],
  },
  {
    name: 'audio',
    input: [64, 1],
    layers: [
      { type: 'Conv1D', filters: 4, kernelSize: [9], padding: 'same', activation: 'relu' },
      { type: 'BatchNormalization' },
      { type: 'MaxPooling1D', poolSize: [16] },
      { type: 'Flatten' },
      out,
    ],
  },
  {
    name: 'conv3d',
    input: [6, 8, 8, 3],
    layers: [
      { type: 'Conv3D', filters: 4, kernelSize: [3, 3, 3], padding: 'same', activation: 'relu' },
      { type: 'MaxPooling3D', poolSize: [2, 2, 2] },
      { type: 'Dropout', rate: 0.2 },
      { type: 'Flatten' },
      out,
    ],
  },
  // tfjs' own gradient of a pool that is not a cube is wrong.
  {
    name: 'row-pools',
    input: [3, 5, 4, 2],
    layers: [
      { type: 'Conv3D', filters: 3, kernelSize: [2, 2, 2], activation: 'tanh' },
      { type: 'MaxPooling3D', poolSize: [1, 2, 1] },
      { type: 'Flatten' },
      out,
    ],
  },
];

describe.each(nets)('$name', (spec) => {
  test('keeps what nets promise', async () => {
    expect(await netConformance(spec)).toEqual(conformanceChecks);
  });

  test('has gradients that fit its loss', async () => {
    const checks = await checkGradients(spec);
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) expect(check.error, check.weight).toBeLessThan(0.02);
  });
});
