import type { LayerOf } from '../layer-spec.ts';
import { range, windowOf } from './convolve.ts';
import { requireRank, type Layer } from './layer.ts';

type Spec = LayerOf<'MaxPooling1D' | 'MaxPooling2D' | 'MaxPooling3D'>;

/** Largest value of each block; blocks do not overlap, rows at the end that fill none are left out. */
export const maxPooling: Layer<Spec> = {
  channels: 'first',
  shape(spec, input) {
    requireRank(input, spec.poolSize.length + 1);
    return [...windowOf(input.slice(0, -1), spec.poolSize, spec.poolSize, 'valid').output, input.at(-1) as number];
  },
  weights: () => [],
  forward(spec, x, e) {
    const { g } = e;
    const channels = x.shape.at(-1) as number;
    const space = x.shape.slice(0, -1);
    const { output } = windowOf(space, spec.poolSize, spec.poolSize, 'valid');
    const used = output.map((side, axis) => side * (spec.poolSize[axis] as number));
    const left = space.map((side, axis) => side - (used[axis] as number));
    const cut = left.some((rows) => rows > 0);
    // Cut first, or the indices would count in a tensor that MaxUnpool cannot know the sizes of.
    const whole = cut ? g.node('Slice', [x.id, g.ints(space.map(() => 0)), g.ints(used), g.ints(range(space.length, 2))]) : x.id;
    const attributes = { kernel_shape: spec.poolSize, strides: spec.poolSize };
    const value = (id: string) => ({ id, shape: [...output, channels], channelsFirst: true });
    if (!e.training) return { output: value(g.node('MaxPool', [whole], attributes)), backward: () => undefined };
    const [y, indices] = g.nodeN('MaxPool', [whole], 2, attributes) as [string, string];
    return {
      output: value(y),
      backward(dy) {
        const dx = g.node('MaxUnpool', [dy, indices], attributes);
        return cut ? g.node('Pad', [dx, g.ints([0, 0, ...space.map(() => 0), 0, 0, ...left])]) : dx;
      },
    };
  },
};
