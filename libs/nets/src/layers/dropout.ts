import type { LayerOf } from '../layer-spec.ts';
import type { Layer } from './layer.ts';

/** Multiplies by a mask of 0 and 1 / (1 - rate) in training; gone at prediction. */
export const dropout: Layer<LayerOf<'Dropout'>> = {
  channels: 'any',
  shape: (_spec, input) => input,
  weights: () => [],
  forward(spec, x, e) {
    if (!e.training || spec.rate === 0) return { output: x, backward: (dy) => dy };
    const shape = x.channelsFirst ? [x.shape.at(-1) as number, ...x.shape.slice(0, -1)] : x.shape;
    const mask = e.mask('dropout', shape, spec.rate, x.channelsFirst);
    return {
      output: { ...x, id: e.g.node('Mul', [x.id, mask]) },
      backward: (dy) => e.g.node('Mul', [dy, mask]),
    };
  },
};
