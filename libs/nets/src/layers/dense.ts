import type { LayerOf } from '../layer-spec.ts';
import { activationGradient, activations } from './activate.ts';
import type { Layer } from './layer.ts';

/** y = activation(x W + b) along the last axis; kernel [in, units]. */
export const dense: Layer<LayerOf<'Dense'>> = {
  channels: 'last',
  shape: (spec, input) => [...input.slice(0, -1), spec.units],
  weights: (spec, input) => [
    { name: 'kernel', shape: [input.at(-1) as number, spec.units], init: 'glorotUniform' },
    ...(spec.useBias ? [{ name: 'bias', shape: [spec.units], init: 'zeros' } as const] : []),
  ],
  forward(spec, x, e) {
    const { g } = e;
    const before = x.shape.slice(0, -1);
    const width = x.shape.at(-1) as number;
    const kernel = e.weight('kernel');
    const rows = before.length === 0 ? x.id : e.reshape(x.id, [width]);
    const sum = g.node('Gemm', spec.useBias ? [rows, kernel, e.weight('bias')] : [rows, kernel]);
    const y = activations[spec.activation].forward(g, sum);
    return {
      output: {
        id: before.length === 0 ? y : e.reshape(y, [...before, spec.units]),
        shape: [...before, spec.units],
        channelsFirst: false,
      },
      backward(dy, wantInput) {
        const flat = before.length === 0 ? dy : e.reshape(dy, [spec.units]);
        const dsum = activationGradient(g, spec.activation, y, flat);
        e.gradient('kernel', g.node('Gemm', [rows, dsum], { transA: 1 }));
        if (spec.useBias) e.gradient('bias', g.node('ReduceSum', [dsum, g.ints([0])], { keepdims: 0 }));
        if (!wantInput) return undefined;
        const drows = g.node('Gemm', [dsum, kernel], { transB: 1 });
        return before.length === 0 ? drows : e.reshape(drows, x.shape);
      },
    };
  },
};
