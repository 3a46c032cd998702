import type { LayerOf } from '../layer-spec.ts';
import { convolveGradients } from './convolve-gradients.ts';
import { convolve, convolveInputGradient, turnedKernel, windowOf } from './convolve.ts';
import { concat, splitSteps } from './gate-inputs.ts';
import { product, requireRank, type Layer } from './layer.ts';
import { runLstm } from './lstm-cell.ts';

/**
 * LSTM over pictures: its products are convolutions, the recurrent one with `same` padding. Gate order i, f, c, o in
 * kernel [...kernelSize, in, 4 filters], recurrent_kernel [...kernelSize, filters, 4 filters] and bias [4 filters].
 * Input [t, h, w, c].
 */
export const convLstm2d: Layer<LayerOf<'ConvLSTM2D'>> = {
  channels: 'last',
  shape(spec, input) {
    requireRank(input, 4);
    const { output } = windowOf(input.slice(1, 3), spec.kernelSize, [1, 1], spec.padding);
    return [...(spec.returnSequences ? [input[0] as number] : []), ...output, spec.filters];
  },
  weights: (spec, input) => [
    { name: 'kernel', shape: [...spec.kernelSize, input[3] as number, 4 * spec.filters], init: 'glorotUniform' },
    { name: 'recurrent_kernel', shape: [...spec.kernelSize, spec.filters, 4 * spec.filters], init: 'orthogonal' },
    ...(spec.useBias
      ? [{ name: 'bias', shape: [4 * spec.filters], init: spec.unitForgetBias ? 'unitForget' : 'zeros' } as const]
      : []),
  ],
  forward(spec, x, e) {
    const { g } = e;
    const { filters } = spec;
    const [time, , , channels] = x.shape as [number, number, number, number];
    const frames = e.repeated(time);
    const window = windowOf(x.shape.slice(1, 3), spec.kernelSize, [1, 1], spec.padding);
    const inner = windowOf(window.output, spec.kernelSize, [1, 1], 'same');
    const kernel = e.weight('kernel');
    const recurrent = e.weight('recurrent_kernel');
    const turned = e.training ? turnedKernel(e, recurrent, inner) : '';
    const size = filters * product(window.output);
    const pictures = e.moveChannels(e.reshape(x.id, x.shape.slice(1)), 3, true);
    const sums = splitSteps(
      e,
      convolve(frames, pictures, kernel, spec.useBias ? e.weight('bias') : undefined, window),
      time,
      4 * size,
    ).map((step) => e.reshape(step, [4 * filters, ...window.output]));

    const run = runLstm(e, spec, filters, time, e.zeros([filters, ...window.output], x.id), {
      parts: 1,
      masked: (state) => state,
      sum: (state, _part, t) => g.node('Add', [convolve(e, state, recurrent, undefined, inner), sums[t] as string]),
      stateGradient: (dsum, _part, more) => e.add(more, convolveInputGradient(e, dsum, turned, inner)),
    });
    /** Steps [n, c, h, w] as [n * t, c, h, w]. */
    const join = (steps: readonly string[], depth: number) =>
      e.reshape(
        concat(
          e,
          steps.map((step) => e.reshape(step, [depth * product(window.output)])),
          1,
        ),
        [depth, ...window.output],
      );
    const output = spec.returnSequences
      ? e.reshape(e.moveChannels(join(run.hidden, filters), 3, false), [time, ...window.output, filters])
      : (run.hidden.at(-1) as string);

    return {
      output: {
        id: output,
        shape: [...(spec.returnSequences ? [time] : []), ...window.output, filters],
        channelsFirst: !spec.returnSequences,
      },
      backward(dy, wantInput) {
        const dys = spec.returnSequences
          ? splitSteps(e, e.moveChannels(e.reshape(dy, [...window.output, filters]), 3, true), time, size).map((step) =>
              e.reshape(step, [filters, ...window.output]),
            )
          : run.hidden.map((_, t) => (t === time - 1 ? dy : undefined));
        const gradients = run.backward(dys);
        const dsums = join(gradients.sums[0] as string[], 4 * filters);
        const ofStates = convolveGradients(frames, {
          x: join(gradients.states[0] as string[], filters),
          dy: dsums,
          channels: [filters, 4 * filters],
          window: inner,
          bias: false,
        });
        const ofInputs = convolveGradients(frames, {
          x: pictures,
          dy: dsums,
          channels: [channels, 4 * filters],
          window,
          bias: spec.useBias,
          ...(wantInput ? { kernel } : {}),
        });
        e.gradient('recurrent_kernel', ofStates.kernel);
        e.gradient('kernel', ofInputs.kernel);
        if (ofInputs.bias !== undefined) e.gradient('bias', ofInputs.bias);
        return ofInputs.input === undefined ? undefined : e.reshape(e.moveChannels(ofInputs.input, 3, false), x.shape);
      },
    };
  },
};
