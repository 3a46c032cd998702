import { feedTensor, floatOutput, openSession, type Session } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import { expect, test } from 'vitest';
import { compileTraining, initialWeights, type NetSpec } from '../index.ts';

const spec: NetSpec = {
  name: 'pictures',
  input: [72, 96, 6],
  layers: [
    { type: 'Conv2D', filters: 8, kernelSize: [3, 3], padding: 'same', activation: 'relu' },
    { type: 'Conv2D', filters: 8, kernelSize: [3, 2], activation: 'tanh' },
    { type: 'MaxPooling2D', poolSize: [6, 6] },
    { type: 'Flatten' },
    { type: 'Dense', units: 2, activation: 'sigmoid' },
  ],
};
const batch = 6;

test('a batch worked on in pieces has the gradients of its samples, one after the other', async () => {
  const rng = Rng.of(1, 'pieces');
  const weights = initialWeights(spec, 1);
  const size = spec.input.reduce((a, b) => a * b, 1);
  const x = Float32Array.from({ length: batch * size }, () => rng.between(-1, 1));
  const labels = Float32Array.from({ length: batch * 2 }, () => rng.int(2));
  const step = async (session: Session, from: number, count: number) =>
    session.run({
      x: feedTensor({
        dtype: 'float32',
        shape: [count, ...spec.input],
        data: x.subarray(from * size, (from + count) * size),
      }),
      labels: feedTensor({ dtype: 'float32', shape: [count, 2], data: labels.subarray(from * 2, (from + count) * 2) }),
      sampleWeights: feedTensor({ dtype: 'float32', shape: [count], data: new Float32Array(count).fill(1) }),
      ...Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, feedTensor(tensor)])),
    });
  const whole = compileTraining(spec, batch);
  const single = compileTraining(spec, 1);
  expect([whole, single].map(({ model }) => Buffer.from(model).includes('Scan'))).toEqual([true, false]);

  const sessions = await Promise.all([
    openSession(whole.model, { threads: 1 }),
    openSession(single.model, { threads: 1 }),
  ]);
  const together = await step(sessions[0], 0, batch);
  const sums = new Map(whole.trainable.map((name) => [name, new Float64Array(weights[name]?.data.length as number)]));
  for (let i = 0; i < batch; i++) {
    const outputs = await step(sessions[1], i, 1);
    for (const [name, sum] of sums) {
      floatOutput(outputs, `grad:${name}`).forEach((value, k) => (sum[k] = (sum[k] as number) + value / batch));
    }
  }
  for (const [name, sum] of sums) {
    const scale = sum.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    floatOutput(together, `grad:${name}`).forEach((value, k) =>
      expect(Math.abs(value - (sum[k] as number)), name).toBeLessThan(1e-5 * scale),
    );
  }
  await Promise.all(sessions.map((session) => session.release()));
});
