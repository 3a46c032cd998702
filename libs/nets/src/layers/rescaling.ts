import type { LayerOf } from '../layer-spec.ts';
import type { Layer } from './layer.ts';

/** x * scale + offset: brings raw pixels or samples into range inside the model. */
export const rescaling: Layer<LayerOf<'Rescaling'>> = {
  channels: 'any',
  shape: (_spec, input) => input,
  weights: () => [],
  forward(spec, x, { g }) {
    const scaled = g.node('Mul', [x.id, g.floats(spec.scale)]);
    const y = spec.offset === 0 ? scaled : g.node('Add', [scaled, g.floats(spec.offset)]);
    return { output: { ...x, id: y }, backward: (dy) => g.node('Mul', [dy, g.floats(spec.scale)]) };
  },
};
