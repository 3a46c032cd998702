import type { LayerOf } from '../layer-spec.ts';
import { activationGradient, activations } from './activate.ts';
import type { Layer } from './layer.ts';

export const activation: Layer<LayerOf<'Activation'>> = {
  channels: 'any',
  shape: (_spec, input) => input,
  weights: () => [],
  forward(spec, x, { g }) {
    const y = activations[spec.activation].forward(g, x.id);
    return { output: { ...x, id: y }, backward: (dy) => activationGradient(g, spec.activation, y, dy) };
  },
};
