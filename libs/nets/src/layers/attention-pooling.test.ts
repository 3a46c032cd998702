import { feedTensor, floatOutput, openSession } from '@primatrix/onnx';
import { expect, test } from 'vitest';
import { checkGradients, netConformance } from '../conformance/index.ts';
import { exportInference, type NetSpec, type NetWeights } from '../index.ts';

const out = { type: 'Dense', units: 3, activation: 'sigmoid' } as const;
const nets: NetSpec[] = [
  { name: 'attention', input: [6, 4], layers: [{ type: 'AttentionPooling1D', units: 5 }, out] },
  { name: 'attention-linear', input: [6, 4], layers: [{ type: 'AttentionPooling1D' }, out] },
  {
    name: 'attention-over-learned',
    input: [6, 4],
    layers: [{ type: 'Dense', units: 5, activation: 'tanh' }, { type: 'AttentionPooling1D', units: 3 }, out],
  },
];

test.each(nets)('$name keeps what nets promise, its gradients fit', async (spec) => {
  await netConformance(spec);
  const checks = await checkGradients(spec);
  expect(checks.map(({ weight }) => weight)).toContain('attention_pooling1d_1/context');
  for (const check of checks) expect(check.error, check.weight).toBeLessThan(0.02);
});

test.each([
  [0, 0.5],
  [50, 1],
])('with a context of %d the first of two frames has %d of the weight', async (strength, share) => {
  const spec: NetSpec = {
    name: 'bare',
    input: [2, 2],
    layers: [{ type: 'AttentionPooling1D' }, { type: 'Activation', activation: 'sigmoid' }],
  };
  const weights: NetWeights = {
    'attention_pooling1d_1/context': { dtype: 'float32', shape: [2, 1], data: Float32Array.of(strength, 0) },
  };
  const session = await openSession(exportInference(spec, weights), { threads: 1 });
  const y = floatOutput(
    await session.run({ x: feedTensor({ dtype: 'float32', shape: [1, 2, 2], data: Float32Array.of(1, 4, -1, 2) }) }),
    'y',
  );
  await session.release();
  const expected = [share - (1 - share), 4 * share + 2 * (1 - share)];
  expected.forEach((value, i) => expect(Math.log((y[i] as number) / (1 - (y[i] as number)))).toBeCloseTo(value, 4));
});
