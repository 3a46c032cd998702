import { expect, it } from 'vitest';
import type { NetSpec } from './layer-spec.ts';
import { trainingMemory } from './training-memory.ts';

const conv: NetSpec = {
  name: 'conv',
  input: [1000, 1],
  layers: [
    { type: 'Conv1D', filters: 16, kernelSize: [9], padding: 'same' },
    { type: 'Flatten' },
    { type: 'Dense', units: 2, activation: 'sigmoid' },
  ],
};
const gru: NetSpec = {
  name: 'gru',
  input: [56, 512],
  layers: [
    { type: 'GRU', units: 256 },
    { type: 'Dense', units: 2, activation: 'sigmoid' },
  ],
};
const base = 350e6;

it('grows with the clips that are computed at once, not with those of a step', () => {
  const weights = trainingMemory(conv, { batch: 1 }) - base;
  expect(trainingMemory(conv, { batch: 48, microBatch: 4 })).toBe(trainingMemory(conv, { batch: 4 }));
  // [1000, 16] twice (convolution, flatten), the input and two outputs, float32, three and a half times each; validation
  // three times the largest.
  expect(trainingMemory(conv, { batch: 3 }) - base - weights).toBeCloseTo(
    2 * 4 * (3.5 * (2 * 16_000 + 1000 + 2) + 3 * 16_000),
    -1,
  );
});

it('counts the gates of every step of recurrent layers', () => {
  const perClip = trainingMemory(gru, { batch: 2 }) - trainingMemory(gru, { batch: 1 });
  expect(perClip).toBeCloseTo(4 * (3.5 * (56 * 512 + 56 * 4 * 256 + 2) + 3 * 256), -1);
});
