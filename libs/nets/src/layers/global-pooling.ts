import type { LayerOf } from '../layer-spec.ts';
import { range } from './convolve.ts';
import { requireRank, type Layer } from './layer.ts';

/** Mean over time: [t, f] to [f]. */
export const globalAveragePooling: Layer<LayerOf<'GlobalAveragePooling1D'>> = {
  channels: 'last',
  shape(_spec, input) {
    requireRank(input, 2);
    return input.slice(1);
  },
  weights: () => [],
  forward(_spec, x, { g }) {
    const [time, features] = x.shape as [number, number];
    return {
      output: { id: g.node('ReduceMean', [x.id], { axes: [1], keepdims: 0 }), shape: [features], channelsFirst: false },
      backward: (dy) =>
        g.node('Expand', [
          g.node('Unsqueeze', [g.node('Mul', [dy, g.floats(1 / time)]), g.ints([1])]),
          g.ints([1, time, 1]),
        ]),
    };
  },
};

/** Largest value over time: [t, f] to [f]. Of equal ones the first takes the gradient. */
export const globalMaxPooling: Layer<LayerOf<'GlobalMaxPooling1D'>> = {
  channels: 'last',
  shape(_spec, input) {
    requireRank(input, 2);
    return input.slice(1);
  },
  weights: () => [],
  forward(_spec, x, { g }) {
    const [time, features] = x.shape as [number, number];
    return {
      output: { id: g.node('ReduceMax', [x.id], { axes: [1], keepdims: 0 }), shape: [features], channelsFirst: false },
      backward(dy) {
        const first = g.node('ArgMax', [x.id], { axis: 1, keepdims: 1 });
        const steps = g.node('Reshape', [g.ints(range(time)), g.ints([1, time, 1])]);
        const chosen = g.node('Cast', [g.node('Equal', [steps, first])], { to: 1 });
        return g.node('Mul', [chosen, g.node('Unsqueeze', [dy, g.ints([1])])]);
      },
    };
  },
};
