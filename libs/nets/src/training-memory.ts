import { product } from './layers/layer.ts';
import type { NetSpec } from './layer-spec.ts';
import { netWeights, resolveNet, type NetLayer } from './net.ts';
import type { TrainSettings } from './train-settings.ts';

/** What the runtime, its code and a batch on its way take whatever the net. */
const baseBytes = 350e6;
/** A value that a layer gives out is held with its gradient, and with what the runtime keeps of freed ones; measured: 3.1 to 3.6. */
const copiesOfOutputs = 3.5;
/** Validation runs the same batch in a session of its own, which keeps what a layer takes in, gives out, and is being made. */
const copiesOfLargest = 3;
/** Weights, their gradients, the optimiser's two moments, and the runtime's and the checkpoint's copies of weights. */
const copiesOfWeights = 8;
const bytesOfValue = 4;

/**
 * Rough bytes that training a net holds at most, so that no more trainings run at once than fit: see docs/decisions/0015 for
 * how near it comes. Grows with the clips that are computed at once, not with those of a step.
 */
export function trainingMemory(
  spec: NetSpec,
  { batch, microBatch = batch }: Pick<TrainSettings, 'batch' | 'microBatch'>,
): number {
  const net = resolveNet(spec);
  const outputs = net.layers.reduce(
    (sum, layer) => sum + (layer.repeat ?? 1) * outputValues(layer),
    product(net.input),
  );
  const largest = Math.max(...net.layers.map(({ output }) => product(output)));
  const weights = netWeights(net).reduce((sum, { shape }) => sum + product(shape), 0);
  const ofClip = copiesOfOutputs * outputs + copiesOfLargest * largest;
  return baseBytes + bytesOfValue * (ofClip * microBatch + copiesOfWeights * weights);
}

/** Values of one item that are kept for the way back; recurrent layers keep those of their gates, of every step. */
function outputValues({ spec, input, output }: NetLayer): number {
  switch (spec.type) {
    case 'GRU':
      return (input[0] as number) * 4 * spec.units;
    case 'LSTM':
      return (input[0] as number) * 6 * spec.units;
    case 'ConvLSTM2D':
      return (input[0] as number) * 6 * product(output.slice(spec.returnSequences ? 1 : 0));
    default:
      return product(output);
  }
}
