import type { LayerOf } from '../layer-spec.ts';
import { channelSums, range } from './convolve.ts';
import { product, type Layer } from './layer.ts';

/**
 * Normalises each channel (last axis) by the batch's mean and variance in training, by moving ones at prediction.
 * Moving ones go towards the batch's by 1 - momentum a step; the variance is the population's.
 */
export const batchNormalization: Layer<LayerOf<'BatchNormalization'>> = {
  channels: 'first',
  shape: (_spec, input) => input,
  weights(_spec, input) {
    const shape = [input.at(-1) as number];
    return [
      { name: 'gamma', shape, init: 'ones' },
      { name: 'beta', shape, init: 'zeros' },
      { name: 'moving_mean', shape, init: 'zeros', trainable: false },
      { name: 'moving_variance', shape, init: 'ones', trainable: false },
    ];
  },
  forward(spec, x, e) {
    const { g } = e;
    const space = x.shape.length - 1;
    const [gamma, beta, mean, variance] = [e.weight('gamma'), e.weight('beta'), e.weight('moving_mean'), e.weight('moving_variance')];
    const epsilon = { float: spec.epsilon };
    if (!e.training) {
      // Inside the runtime this becomes part of a convolution before it, where there is one.
      return { output: { ...x, id: g.node('BatchNormalization', [x.id, gamma, beta, mean, variance], { epsilon }) }, backward: () => undefined };
    }
    // With momentum 0 the moving statistics that come out are the batch's own. The runtime writes them over those that
    // go in, be these the caller's or constants that it shares: so in go values of no other use, here zeros.
    const unused = (value: string) => g.node('Mul', [value, g.floats(0)]);
    const [y, batchMean, batchVariance] = g.nodeN('BatchNormalization', [x.id, gamma, beta, unused(mean), unused(variance)], 3, {
      epsilon, momentum: { float: 0 }, training_mode: 1,
    }) as [string, string, string];
    const moved = (old: string, now: string) =>
      g.node('Add', [g.node('Mul', [old, g.floats(spec.momentum)]), g.node('Mul', [now, g.floats(1 - spec.momentum)])]);
    e.update('moving_mean', moved(mean, batchMean));
    e.update('moving_variance', moved(variance, batchVariance));
    return {
      output: { ...x, id: y },
      backward(dy, wantInput) {
        // x^ = (x - mean) r; dgamma = sum(dy x^), dbeta = sum(dy); dx = gamma r (dy - dbeta/m - x^ dgamma/m)
        const r = g.node('Reciprocal', [g.node('Sqrt', [g.node('Add', [batchVariance, g.floats(spec.epsilon)])])]);
        const dbeta = channelSums(e, dy, space);
        const products = channelSums(e, g.node('Mul', [dy, x.id]), space);
        const dgamma = g.node('Mul', [g.node('Sub', [products, g.node('Mul', [batchMean, dbeta])]), r]);
        e.gradient('gamma', dgamma);
        e.gradient('beta', dbeta);
        if (!wantInput) return undefined;
        const share = g.floats(1 / (e.rows * product(x.shape.slice(0, -1))));
        const perChannel = (value: string) => g.node('Reshape', [value, g.ints([-1, ...range(space).map(() => 1)])]);
        const scale = g.node('Mul', [gamma, r]);
        const slope = g.node('Mul', [g.node('Mul', [g.node('Mul', [scale, r]), dgamma]), share]);
        const shift = g.node('Sub', [g.node('Mul', [slope, batchMean]), g.node('Mul', [g.node('Mul', [scale, dbeta]), share])]);
        const ofOutput = g.node('Mul', [dy, perChannel(scale)]);
        const ofInput = g.node('Sub', [perChannel(shift), g.node('Mul', [x.id, perChannel(slope)])]);
        return g.node('Add', [ofOutput, ofInput]);
      },
    };
  },
};
