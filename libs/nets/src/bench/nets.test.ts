import { expect, test } from 'vitest';
import type { NetSpec } from '../index.ts';
import { benchNets, netFlops, type NetBench } from './index.ts';

const out = { type: 'Dense', units: 3, activation: 'sigmoid' } as const;

test('counts the products of each kind of layers', () => {
  const flops = (input: number[], ...layers: NetSpec['layers']) => netFlops({ name: 'net', input, layers });
  // The input's gradient is nobody's business in the first layer that learns.
  expect(flops([5], { type: 'Dense', units: 7 }, out)).toEqual({
    forward: 2 * (5 * 7 + 7 * 3),
    training: 2 * (2 * 5 * 7 + 3 * 7 * 3),
  });
  expect(flops([5], { type: 'Rescaling', scale: 2 }, out)).toEqual({ forward: 30, training: 60 });
  const gru = 2 * 6 * 3 * 4;
  expect(flops([6, 5], { type: 'GRU', units: 4 }, out)).toEqual({
    forward: gru * 9 + 24,
    training: 2 * gru * 9 + gru * 4 + 72,
  });
  const conv = 2 * 8 * 6 * 9 * 2 * 4;
  expect(flops([8, 6, 2], { type: 'Conv2D', filters: 4, kernelSize: [3, 3], padding: 'same' }).training).toBe(2 * conv);
  expect(
    flops([5, 8, 6, 2], {
      type: 'TimeDistributed',
      layer: { type: 'Conv2D', filters: 4, kernelSize: [3, 3], padding: 'same' },
    }).forward,
  ).toBe(5 * conv);
  const cell = 2 * 5 * 6 * 4 * 9 * 16;
  expect(flops([5, 8, 6, 2], { type: 'ConvLSTM2D', filters: 4, kernelSize: [3, 3] }).forward).toBe(cell * 6);
});

test('measures nets in processes of their own, in pieces too, and says which one failed', async () => {
  const conv: NetSpec = {
    name: 'x',
    input: [16, 2],
    layers: [{ type: 'Conv1D', filters: 4, kernelSize: [3] }, { type: 'Dropout', rate: 0.5 }, { type: 'Flatten' }, out],
  };
  const gru: NetSpec = { name: 'x', input: [6, 5], layers: [{ type: 'GRU', units: 4 }, out] };
  const broken: NetSpec = { name: 'x', input: [6], layers: [{ type: 'GRU', units: 4 }, out] };
  const found: NetBench[] = [];
  const nets = [
    { name: 'first', spec: conv, batch: 4, microBatch: 2 },
    { name: 'second', spec: gru, batch: 4 },
    { name: 'third', spec: broken, batch: 4 },
  ];
  const measuring = (async () => {
    for await (const bench of benchNets(nets, { seconds: 0, threads: 1 })) found.push(bench);
  })();
  await expect(measuring).rejects.toMatchObject({
    code: 'BENCH_NET',
    message: expect.stringMatching(/^nets: measuring third failed: .*gru_1/),
  });
  expect(found).toMatchObject([
    { net: 'first', batch: 4, microBatch: 2, rounds: 3, ratioLimit: 4 },
    { net: 'second', microBatch: 4, ratioLimit: 3.5 },
  ]);
  for (const { ratio, stepMs, forwardMs, peakGB, gflops } of found) {
    expect(ratio).toBeCloseTo(stepMs.median / forwardMs.median, 9);
    expect(peakGB).toBeGreaterThan(0.01);
    expect(peakGB).toBeLessThan(2);
    expect(gflops).toBeGreaterThan(0);
  }
});
