import type { LayerOf } from '../layer-spec.ts';
import { activations } from './activate.ts';
import { convolveGradients } from './convolve-gradients.ts';
import { convolve, windowOf } from './convolve.ts';
import { requireRank, type Layer } from './layer.ts';

type Spec = LayerOf<'Conv1D' | 'Conv2D' | 'Conv3D'>;

/** Convolution over one to three axes, as many as the kernel has; kernel [...kernelSize, in, filters]. */
export const conv: Layer<Spec> = {
  channels: 'first',
  shape(spec, input) {
    requireRank(input, spec.kernelSize.length + 1);
    return [...windowOf(input.slice(0, -1), spec.kernelSize, spec.strides, spec.padding).output, spec.filters];
  },
  weights: (spec, input) => [
    { name: 'kernel', shape: [...spec.kernelSize, input.at(-1) as number, spec.filters], init: 'glorotUniform' },
    ...(spec.useBias ? [{ name: 'bias', shape: [spec.filters], init: 'zeros' } as const] : []),
  ],
  forward(spec, x, e) {
    const window = windowOf(x.shape.slice(0, -1), spec.kernelSize, spec.strides, spec.padding);
    const kernel = e.weight('kernel');
    const sum = convolve(e, x.id, kernel, spec.useBias ? e.weight('bias') : undefined, window);
    const y = activations[spec.activation].forward(e.g, sum);
    return {
      output: { id: y, shape: [...window.output, spec.filters], channelsFirst: true },
      backward(dy, wantInput) {
        const gradients = convolveGradients(e, {
          x: x.id,
          dy,
          channels: [x.shape.at(-1) as number, spec.filters],
          window,
          bias: spec.useBias,
          ...(spec.activation === 'linear' ? {} : { activation: { kind: spec.activation, y } }),
          ...(wantInput ? { kernel } : {}),
        });
        e.gradient('kernel', gradients.kernel);
        if (gradients.bias !== undefined) e.gradient('bias', gradients.bias);
        return gradients.input;
      },
    };
  },
};
