import type { LayerOf } from '../layer-spec.ts';
import { requireRank, type Layer } from './layer.ts';

/** Keeps the slope of the deviation finite where all frames are alike. */
const epsilon = 1e-7;

/**
 * What frames are like whatever their order: [t, f] to [(2 + percentiles) f], being the mean, the population's
 * deviation, then the percentiles, each [f]. Percentile 0 is the least value, 100 the largest; between two frames it is
 * interpolated (NumPy's `linear`).
 */
export const frameStatistics: Layer<LayerOf<'FrameStatistics'>> = {
  channels: 'last',
  shape(spec, input) {
    requireRank(input, 2);
    return [(2 + spec.percentiles.length) * (input[1] as number)];
  },
  weights: () => [],
  forward(spec, x, e) {
    const { g } = e;
    const [time, features] = x.shape as [number, number];
    const { percentiles } = spec;
    const mean = g.node('ReduceMean', [x.id], { axes: [1], keepdims: 1 });
    const apart = g.node('Sub', [x.id, mean]);
    const variance = g.node('ReduceMean', [g.node('Mul', [apart, apart])], { axes: [1], keepdims: 1 });
    const deviation = g.node('Sqrt', [g.node('Add', [variance, g.floats(epsilon ** 2)])]);
    const parts = [mean, deviation];
    // Each percentile is a weighted mean of sorted frames: a row of a matrix that multiplies them.
    const rows = g.node('Reshape', [
      g.floats(percentiles.flatMap((percentile) => sortedWeights(percentile, time))),
      g.ints([percentiles.length, time]),
    ]);
    let places = '';
    if (percentiles.length > 0) {
      const [sorted, from] = g.nodeN('TopK', [x.id, g.ints([time])], 2, { axis: 1 }) as [string, string];
      places = from;
      parts.push(g.node('MatMul', [rows, sorted]));
    }
    const size = (2 + percentiles.length) * features;
    return {
      output: { id: e.reshape(g.node('Concat', parts, { axis: 1 }), [size]), shape: [size], channelsFirst: false },
      backward(dy, wantInput) {
        if (!wantInput) return undefined;
        const [dmean, ddeviation, dpercentiles] = g.nodeN(
          'Split',
          [
            e.reshape(dy, [2 + percentiles.length, features]),
            g.ints([1, 1, ...(percentiles.length > 0 ? [percentiles.length] : [])]),
          ],
          percentiles.length > 0 ? 3 : 2,
          { axis: 1 },
        ) as [string, string, string];
        const slope = g.node('Div', [ddeviation, deviation]);
        const ofMoments = g.node('Mul', [g.node('Add', [g.node('Mul', [apart, slope]), dmean]), g.floats(1 / time)]);
        if (percentiles.length === 0) return ofMoments;
        const dsorted = g.node('MatMul', [g.node('Transpose', [rows], { perm: [1, 0] }), dpercentiles]);
        // Every frame has one place in the order, so each gets its gradient back exactly once.
        const returned = g.node('ScatterElements', [g.node('Mul', [x.id, g.floats(0)]), places, dsorted], { axis: 1 });
        return g.node('Add', [ofMoments, returned]);
      },
    };
  },
};

/** Shares that frames, sorted from the largest, have in a percentile. */
function sortedWeights(percentile: number, time: number): number[] {
  const place = (1 - percentile / 100) * (time - 1);
  return Array.from({ length: time }, (_, i) => Math.max(0, 1 - Math.abs(i - place)));
}
