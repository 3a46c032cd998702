import type { LayerOf } from '../layer-spec.ts';
import { product, type Layer } from './layer.ts';

function layer<S>(target: (spec: S, input: readonly number[]) => readonly number[]): Layer<S> {
  return {
    channels: 'last',
    shape: target,
    weights: () => [],
    forward(spec, x, e) {
      const shape = target(spec, x.shape);
      return {
        output: { id: e.reshape(x.id, shape), shape, channelsFirst: false },
        backward: (dy) => e.reshape(dy, x.shape),
      };
    },
  };
}

/** All of a sample in one row. */
export const flatten = layer<LayerOf<'Flatten'>>((_spec, input) => [product(input)]);

/** The same elements in another shape; an axis of -1 has what the others leave. */
export const reshape = layer<LayerOf<'Reshape'>>(({ targetShape }, input) => {
  const rest = product(input) / product(targetShape.filter((side) => side !== -1));
  const shape = targetShape.map((side) => (side === -1 ? rest : side));
  if (!Number.isInteger(rest) || product(shape) !== product(input)) {
    throw new RangeError(`targetShape [${targetShape.join(', ')}] must have as many elements as the input`);
  }
  return shape;
});
