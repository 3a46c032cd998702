import type { LayerOf } from '../layer-spec.ts';
import type { Layer } from './layer.ts';
import {
  channelTotals,
  countOf,
  moveStatistics,
  normalizationInputGradient,
  reportNormalization,
} from './normalization.ts';

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
    const [gamma, beta, mean, variance] = [
      e.weight('gamma'),
      e.weight('beta'),
      e.weight('moving_mean'),
      e.weight('moving_variance'),
    ];
    const epsilon = { float: spec.epsilon };
    if (!e.training) {
      // Inside the runtime this becomes part of a convolution before it, where there is one.
      return {
        output: { ...x, id: g.node('BatchNormalization', [x.id, gamma, beta, mean, variance], { epsilon }) },
        backward: () => undefined,
      };
    }
    // With momentum 0 the moving statistics that come out are the batch's own. The runtime writes them over those that
    // go in, be these the caller's or constants that it shares: so in go values of no other use, here zeros.
    const unused = (value: string) => g.node('Mul', [value, g.floats(0)]);
    const [y, batchMean, batchVariance] = g.nodeN(
      'BatchNormalization',
      [x.id, gamma, beta, unused(mean), unused(variance)],
      3,
      {
        epsilon,
        momentum: { float: 0 },
        training_mode: 1,
      },
    ) as [string, string, string];
    moveStatistics(spec, e, batchMean, batchVariance);
    return {
      output: { ...x, id: y },
      backward(dy, wantInput) {
        const r = g.node('Reciprocal', [g.node('Sqrt', [g.node('Add', [batchVariance, g.floats(spec.epsilon)])])]);
        const scale = g.node('Mul', [gamma, r]);
        const [sums, products] = channelTotals(e, x, dy, x.id);
        const { slope, shift } = reportNormalization(e, {
          dy: sums,
          products,
          mean: batchMean,
          r,
          scale,
          count: countOf(e, x),
        });
        return wantInput ? normalizationInputGradient(e, x, dy, { scale, slope, shift }) : undefined;
      },
    };
  },
};
