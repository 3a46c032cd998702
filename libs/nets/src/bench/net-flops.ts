import type { NetSpec } from '../layer-spec.ts';
import { product } from '../layers/layer.ts';
import { resolveNet, type NetLayer } from '../net.ts';

/** Floating-point operations of one sample; a multiplication and an addition are two. */
export interface NetFlops {
  readonly forward: number;
  /** Forward, gradients of the weights, and of inputs that weights before them need. */
  readonly training: number;
}

/** What a layer's products take for one item. */
interface LayerFlops {
  readonly forward: number;
  /** Gradients of the weights, and those inside of the layer that they need. */
  readonly weights: number;
  /** The gradient of its input. */
  readonly input: number;
}

/**
 * Counts what a net without wasted work must do: the products of matrices and convolutions (zeros around pictures
 * included). Nothing element by element is counted, so that pools, dropout and activations are free.
 */
export function netFlops(spec: NetSpec): NetFlops {
  let forward = 0;
  let backward = 0;
  let learns = false;
  for (const layer of resolveNet(spec).layers) {
    const flops = layerFlops(layer);
    const items = layer.repeat ?? 1;
    forward += items * flops.forward;
    backward += items * (flops.weights + (learns ? flops.input : 0));
    learns ||= layer.weights.some((weight) => weight.trainable !== false);
  }
  return { forward, training: forward + backward };
}

function layerFlops({ spec, input, output }: NetLayer): LayerFlops {
  switch (spec.type) {
    case 'Dense':
      return alike(2 * product(input) * spec.units);
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
      return alike(2 * product(output) * product(spec.kernelSize) * (input.at(-1) as number));
    case 'GRU':
    case 'LSTM': {
      const [time, features] = input as [number, number];
      const sums = 2 * time * (spec.type === 'GRU' ? 3 : 4) * spec.units;
      return recurrent(sums * features, sums * spec.units);
    }
    case 'ConvLSTM2D': {
      const pictures = (input[0] as number) * product(output.slice(spec.returnSequences ? 1 : 0, -1));
      const sums = 2 * pictures * product(spec.kernelSize) * 4 * spec.filters;
      return recurrent(sums * (input[3] as number), sums * spec.filters);
    }
    case 'AttentionPooling1D': {
      const [time, features] = input as [number, number];
      const hidden = spec.units === undefined ? 0 : 2 * time * features * spec.units;
      const scores = 2 * time * (spec.units ?? features);
      const mean = 2 * time * features;
      // The shares' gradient is one product, that of the frames by way of the mean another.
      return { forward: hidden + scores + mean, weights: hidden + 2 * scores + mean, input: hidden + mean };
    }
    default:
      return alike(0);
  }
}

/** One product each for the output, the weights and the input. */
function alike(flops: number): LayerFlops {
  return { forward: flops, weights: flops, input: flops };
}

/** The state's gradient is needed whatever comes before. */
function recurrent(ofInputs: number, ofStates: number): LayerFlops {
  return { forward: ofInputs + ofStates, weights: ofInputs + 2 * ofStates, input: ofInputs };
}
