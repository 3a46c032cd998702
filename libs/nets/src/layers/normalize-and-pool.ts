import { GraphBuilder } from '@primatrix/onnx';
import type { Emitter } from '../graph/emitter.ts';
import type { LayerOf } from '../layer-spec.ts';
import { range } from './convolve.ts';
import type { Value } from '../graph/value.ts';
import type { Pass } from './layer.ts';
import { pooling } from './max-pooling.ts';
import {
  channelMoments,
  countOf,
  moveStatistics,
  normalizationInputGradient,
  reportNormalization,
} from './normalization.ts';

/**
 * Batch normalisation and the max-pool after it, in training: statistics of all values, but only the largest are
 * normalised, for scaling by a positive factor keeps their order (a negative one turns it around). On the way back the
 * sums over dy are sums over the pool's outputs.
 */
export function normalizeAndPool(
  spec: LayerOf<'BatchNormalization'>,
  pool: LayerOf<'MaxPooling1D' | 'MaxPooling2D' | 'MaxPooling3D'>,
  x: Value,
  e: Emitter,
): Pass {
  const { g } = e;
  const channels = x.shape.at(-1) as number;
  const space = x.shape.slice(0, -1);
  const gamma = e.weight('gamma');
  const perChannel = (value: string) => g.node('Reshape', [value, g.ints([-1, ...range(space.length).map(() => 1)])]);
  const { mean, variance } = channelMoments(e, x);
  moveStatistics(spec, e, mean, variance);
  const r = g.node('Reciprocal', [g.node('Sqrt', [g.node('Add', [variance, g.floats(spec.epsilon)])])]);
  const scale = g.node('Mul', [gamma, r]);

  const { output, attributes, cut, restore, largest } = pooling(pool, space);
  // Turning the order around costs a pass over all values: only where some factor is negative.
  const branch = (turned: boolean): GraphBuilder => {
    const body = new GraphBuilder(g.fresh('pool'), g);
    const sign = turned
      ? body.node('Reshape', [body.node('Sign', [gamma]), body.ints([-1, ...range(space.length).map(() => 1)])])
      : undefined;
    const [values, indices] = largest(
      body,
      cut(body, sign === undefined ? x.id : body.node('Mul', [x.id, sign])),
      e.rows * channels,
    );
    body.output(sign === undefined ? values : body.node('Mul', [values, sign]), 'float32', [
      e.rows,
      channels,
      ...output,
    ]);
    body.output(indices, 'int64', [e.rows, channels, ...output]);
    return body;
  };
  const anyNegative = g.node('Less', [g.node('ReduceMin', [gamma], { keepdims: 0 }), g.floats(0)]);
  const [picked, indices] = g.nodeN('If', [anyNegative], 2, {
    then_branch: { graph: branch(true) },
    else_branch: { graph: branch(false) },
  }) as [string, string];
  const shift = g.node('Sub', [e.weight('beta'), g.node('Mul', [mean, scale])]);
  const y = g.node('Add', [g.node('Mul', [picked, perChannel(scale)]), perChannel(shift)]);

  return {
    output: { id: y, shape: [...output, channels], channelsFirst: true },
    backward(dy, wantInput) {
      const sums = (value: string) =>
        g.node('ReduceSum', [value, g.ints([0, ...range(space.length, 2)])], { keepdims: 0 });
      const dense = reportNormalization(e, {
        dy: sums(dy),
        products: sums(g.node('Mul', [dy, picked])),
        mean,
        r,
        scale,
        count: countOf(e, x),
      });
      if (!wantInput) return undefined;
      const spread = restore(g, g.node('MaxUnpool', [g.node('Mul', [dy, perChannel(scale)]), indices], attributes));
      return normalizationInputGradient(e, x, spread, dense);
    },
  };
}
