import type { LayerOf } from '../layer-spec.ts';
import { requireRank, type Layer } from './layer.ts';

/**
 * Weighted mean over time, [t, f] to [f], with weights that the frames earn themselves: the softmax over time of
 * tanh(x kernel + bias) context (Yang et al. 2016), or of x context where there are no hidden `units`.
 */
export const attentionPooling: Layer<LayerOf<'AttentionPooling1D'>> = {
  channels: 'last',
  shape(_spec, input) {
    requireRank(input, 2);
    return input.slice(1);
  },
  weights({ units }, input) {
    const features = input[1] as number;
    const context = { name: 'context', shape: [units ?? features, 1], init: 'glorotUniform' } as const;
    if (units === undefined) return [context];
    return [
      { name: 'kernel', shape: [features, units], init: 'glorotUniform' },
      { name: 'bias', shape: [units], init: 'zeros' },
      context,
    ];
  },
  forward({ units }, x, e) {
    const { g } = e;
    const [time, features] = x.shape as [number, number];
    const frames = e.reshape(x.id, [features]);
    const context = e.weight('context');
    const hidden =
      units === undefined ? frames : g.node('Tanh', [g.node('Gemm', [frames, e.weight('kernel'), e.weight('bias')])]);
    const shares = g.node('Softmax', [e.reshape(g.node('MatMul', [hidden, context]), [time])], { axis: 1 });
    const pooled = g.node('MatMul', [e.reshape(shares, [1, time]), x.id]);
    return {
      output: { id: e.reshape(pooled, [features]), shape: [features], channelsFirst: false },
      backward(dy, wantInput) {
        const dshares = e.reshape(g.node('MatMul', [x.id, e.reshape(dy, [features, 1])]), [time]);
        const mean = g.node('ReduceSum', [g.node('Mul', [shares, dshares]), g.ints([1])], { keepdims: 1 });
        // [n t, 1]: one score a frame.
        const dscores = e.reshape(g.node('Mul', [shares, g.node('Sub', [dshares, mean])]), [1]);
        e.gradient('context', g.node('Gemm', [hidden, dscores], { transA: 1 }));
        let dframes = g.node('Gemm', [dscores, context], { transB: 1 });
        if (units !== undefined) {
          const dsum = g.node('Sub', [dframes, g.node('Mul', [g.node('Mul', [dframes, hidden]), hidden])]);
          e.gradient('kernel', g.node('Gemm', [frames, dsum], { transA: 1 }));
          e.gradient('bias', g.node('ReduceSum', [dsum, g.ints([0])], { keepdims: 0 }));
          // The runtime does not leave out what nobody reads.
          if (wantInput) dframes = g.node('Gemm', [dsum, e.weight('kernel')], { transB: 1 });
        }
        if (!wantInput) return undefined;
        return g.node('Add', [
          e.reshape(dframes, [time, features]),
          g.node('MatMul', [e.reshape(shares, [time, 1]), e.reshape(dy, [1, features])]),
        ]);
      },
    };
  },
};
