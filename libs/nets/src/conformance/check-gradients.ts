import { feedTensor, floatOutput, openSession, type SessionTensor } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import { compileTraining } from '../graph/compile.ts';
import type { NetSpec } from '../layer-spec.ts';
import { initialWeights, resolveNet, type Net } from '../net.ts';
import { drawMask } from '../train/batch-feeder.ts';

/** How well one weight's gradient fits the loss. */
export interface GradientCheck {
  readonly weight: string;
  /** Slope of the loss along a direction by central differences, and by the compiled gradient. */
  readonly measured: number;
  readonly compiled: number;
  /** |measured - compiled| / |compiled|. */
  readonly error: number;
}

/**
 * Long steps cross the kinks of relu, clipped gates and max-pools, short ones drown in float32's rounding: the best of
 * some is taken. A wrong gradient fits none.
 */
const stepLengths = [0.1, 2e-2, 5e-3, 1e-3, 2e-4, 5e-5];
/** Changes of the loss below this are too inexact. */
const leastChange = 5e-6;

/**
 * Compares each compiled gradient with central differences of the compiled loss, along the gradient and along a
 * random half of it, dropout masks drawn once and kept. Gradients too small for float32 differences are left out.
 * An error of up to 0.02 is rounding; wrong gradients are off by far more.
 * @param batch samples; small, so that single samples count
 */
export async function checkGradients(
  spec: NetSpec,
  options: { readonly seed?: number; readonly batch?: number } = {},
): Promise<GradientCheck[]> {
  const { seed = 1, batch = 3 } = options;
  const net = resolveNet(spec);
  const classes = net.output.at(-1) as number;
  const graph = compileTraining(spec, batch);
  const rng = Rng.of(seed, 'gradients');
  const draw = (shape: readonly number[], next: () => number) => ({
    dtype: 'float32' as const,
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
  });
  const weights = initialWeights(spec, seed);
  // Away from the zeros and ones that weights start with, where faults hide.
  for (const { data } of Object.values(weights)) {
    data.forEach((value, i) => (data[i] = value + rng.between(-0.05, 0.05)));
  }
  const feeds: Record<string, SessionTensor> = {
    x: feedTensor(draw([batch, ...net.input], () => rng.between(-1, 1) * inputScale(net))),
    labels: feedTensor(draw([batch, classes], () => rng.int(2))),
    sampleWeights: feedTensor(draw([batch], () => 1)),
  };
  for (const { name, shape, rate } of graph.masks) {
    const mask = draw(shape, () => 0);
    drawMask(mask.data, rate, rng);
    feeds[name] = feedTensor(mask);
  }
  for (const [name, tensor] of Object.entries(weights)) feeds[name] = feedTensor(tensor);

  const session = await openSession(graph.model, { threads: 1 });
  try {
    const outputs = await session.run(feeds);
    const checks: GradientCheck[] = [];
    for (const weight of graph.trainable) {
      const gradient = floatOutput(outputs, `grad:${weight}`);
      const data = weights[weight]?.data as Float32Array;
      for (const share of [1, 0.5]) {
        const direction = Float64Array.from(gradient, (value) => (share === 1 || rng.uniform() < share ? value : 0));
        const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
        if (norm < 3e-4) continue;
        const start = data.slice();
        const lossAt = async (length: number): Promise<number> => {
          start.forEach((value, i) => (data[i] = value + (length / norm) * (direction[i] as number)));
          return floatOutput(await session.run(feeds), 'loss')[0] as number;
        };
        let best: GradientCheck | undefined;
        for (const length of stepLengths) {
          if (best !== undefined && length * norm < leastChange) break;
          const measured = ((await lossAt(length)) - (await lossAt(-length))) / (2 * length);
          const error = Math.abs(measured - norm) / norm;
          if (best === undefined || error < best.error) best = { weight, measured, compiled: norm, error };
        }
        data.set(start);
        checks.push(best as GradientCheck);
      }
    }
    return checks;
  } finally {
    await session.release();
  }
}

/** How large inputs are that the net brings to about 1 itself. */
export function inputScale(net: Net): number {
  const first = net.layers[0]?.spec;
  return first?.type === 'Rescaling' ? 1 / Math.abs(first.scale) : 1;
}
