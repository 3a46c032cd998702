import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { Optimizer, optimizerSchema, type OptimizerSettings } from './index.ts';

beforeAll(() => tf.setBackend('cpu'));

const steps = 6;
const gradientAt = (step: number) => [0.3, -0.2 * step, 0.05 * step * step, Math.sin(step)];

function walk(settings: OptimizerSettings): number[] {
  const optimizer = new Optimizer(optimizerSchema.parse(settings));
  const weights = new Map([['w', Float32Array.of(1, 2, 3, 4)]]);
  for (let step = 1; step <= steps; step++) {
    optimizer.step(weights, new Map([['w', Float32Array.from(gradientAt(step))]]));
  }
  return [...(weights.get('w') as Float32Array)];
}

test.each<[OptimizerSettings, () => tf.Optimizer]>([
  [{ kind: 'adam', learningRate: 0.01 }, () => tf.train.adam(0.01, 0.9, 0.999, 1e-8)],
  [{ kind: 'sgd', learningRate: 0.1 }, () => tf.train.sgd(0.1)],
  [{ kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, () => tf.train.momentum(0.1, 0.9)],
])('%j moves as tfjs does', (settings, make) => {
  const optimizer = make();
  const w = tf.variable(tf.tensor1d([1, 2, 3, 4]));
  for (let step = 1; step <= steps; step++) optimizer.applyGradients({ [w.name]: tf.tensor1d(gradientAt(step)) });
  const expected = w.dataSync();
  walk(settings).forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
});

test('Nesterov momentum, decay and RMSprop follow Keras 2.0.8', () => {
  const expectWalk = (
    settings: OptimizerSettings,
    rule: (w: number, g: number, step: number, memory: { m: number }) => number,
  ) => {
    const memories = [0, 1, 2, 3].map(() => ({ m: 0 }));
    const expected = [1, 2, 3, 4];
    for (let step = 1; step <= steps; step++) {
      gradientAt(step).forEach(
        (g, i) => (expected[i] = rule(expected[i] as number, g, step, memories[i] as { m: number })),
      );
    }
    walk(settings).forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
  };
  expectWalk({ kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, decay: 0.5 }, (w, g, step, memory) => {
    const rate = 0.1 / (1 + 0.5 * (step - 1));
    memory.m = 0.9 * memory.m - rate * g;
    return w + 0.9 * memory.m - rate * g;
  });
  expectWalk({ kind: 'rmsprop', learningRate: 0.01 }, (w, g, _step, memory) => {
    memory.m = 0.9 * memory.m + 0.1 * g * g;
    return w - (0.01 * g) / (Math.sqrt(memory.m) + 1e-8);
  });
});

test('goes on exactly from saved slots and iterations', () => {
  const settings = optimizerSchema.parse({ kind: 'adam' });
  const weights = new Map([['w', Float32Array.of(1, 2, 3, 4)]]);
  const first = new Optimizer(settings);
  for (let step = 1; step <= 3; step++) first.step(weights, new Map([['w', Float32Array.from(gradientAt(step))]]));
  const second = new Optimizer(settings);
  second.iterations = first.iterations;
  for (const [name, slot] of first.slots) second.slots.set(name, slot.slice());
  for (let step = 4; step <= steps; step++) second.step(weights, new Map([['w', Float32Array.from(gradientAt(step))]]));
  expect([...(weights.get('w') as Float32Array)]).toEqual(walk({ kind: 'adam' }));
});
