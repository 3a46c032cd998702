import { feedTensor, floatOutput, openSession } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import { expect, test } from 'vitest';
import { checkGradients, netConformance } from '../conformance/index.ts';
import { exportInference, initialWeights, type NetSpec } from '../index.ts';

const out = { type: 'Dense', units: 3, activation: 'sigmoid' } as const;
const nets: NetSpec[] = [
  {
    name: 'statistics',
    input: [6, 4],
    layers: [{ type: 'FrameStatistics' }, { type: 'Dense', units: 8, activation: 'tanh' }, out],
  },
  {
    name: 'statistics-of-learned',
    input: [6, 4],
    layers: [
      { type: 'Dense', units: 5, activation: 'tanh' },
      { type: 'FrameStatistics', percentiles: [10, 50, 95] },
      out,
    ],
  },
  {
    name: 'moments-of-learned',
    input: [6, 4],
    layers: [{ type: 'Dense', units: 5, activation: 'tanh' }, { type: 'FrameStatistics', percentiles: [] }, out],
  },
];

test.each(nets)('$name keeps what nets promise, its gradients fit', async (spec) => {
  await netConformance(spec);
  const checks = await checkGradients(spec);
  expect(checks.length).toBeGreaterThan(0);
  for (const check of checks) expect(check.error, check.weight).toBeLessThan(0.02);
});

test.each([1, 2, 7])('statistics of %d frames are those of the definitions', async (time) => {
  const percentiles = [0, 30, 50, 100];
  const rng = Rng.of(1, 'frames');
  const x = Float32Array.from({ length: 2 * time * 3 }, () => rng.between(-2, 2));
  // A sigmoid that the test takes off again keeps the statistics readable through a whole net.
  const spec: NetSpec = {
    name: 'bare',
    input: [time, 3],
    layers: [
      { type: 'FrameStatistics', percentiles },
      { type: 'Activation', activation: 'sigmoid' },
    ],
  };
  const session = await openSession(exportInference(spec, initialWeights(spec, 1)), { threads: 1 });
  const y = floatOutput(await session.run({ x: feedTensor({ dtype: 'float32', shape: [2, time, 3], data: x }) }), 'y');
  await session.release();
  for (let n = 0; n < 2; n++) {
    for (let f = 0; f < 3; f++) {
      const values = Array.from({ length: time }, (_, t) => x[(n * time + t) * 3 + f] as number).sort((a, b) => a - b);
      const mean = values.reduce((a, b) => a + b, 0) / time;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / time);
      const percentile = (p: number): number => {
        const place = (p / 100) * (time - 1);
        const [low, high] = [values[Math.floor(place)] as number, values[Math.ceil(place)] as number];
        return low + (high - low) * (place % 1);
      };
      [mean, deviation, ...percentiles.map(percentile)].forEach((expected, k) => {
        const p = y[n * 18 + k * 3 + f] as number;
        expect(Math.log(p / (1 - p))).toBeCloseTo(expected, 4);
      });
    }
  }
});

test('the order of frames does not matter', async () => {
  const spec = nets[0] as NetSpec;
  const session = await openSession(exportInference(spec, initialWeights(spec, 1)), { threads: 1 });
  const frames = Array.from({ length: 6 }, (_, t) => [t, -t, t * t, 1 / (t + 1)]);
  const run = async (data: number[][]) =>
    floatOutput(
      await session.run({
        x: feedTensor({ dtype: 'float32', shape: [1, 6, 4], data: Float32Array.from(data.flat()) }),
      }),
      'y',
    );
  const [forwards, backwards] = [await run(frames), await run([...frames].reverse())];
  await session.release();
  forwards.forEach((p, i) => expect(backwards[i]).toBeCloseTo(p, 5));
});
