import type * as tf from '@tensorflow/tfjs';
import type { Activation, LayerOf, PlainLayerSpec } from '../layer-spec.ts';
import type { Tfjs } from './tfjs-runtime.ts';

/** The view of one layer on a pass through the net. Tensors have channels last. */
export interface TfjsPass {
  readonly tf: Tfjs;
  readonly training: boolean;
  weight(name: string): tf.Tensor;
  /** Undefined where the layer drops nothing, or at prediction. */
  mask(name: string): tf.Tensor | undefined;
  /** Takes the new value of a statistic. */
  update(name: string, value: tf.Tensor): void;
}

type Rule<S> = (spec: S, x: tf.Tensor, pass: TfjsPass) => tf.Tensor;

/** Forward parts of layers, of items [rows, …shape]; tfjs finds the way back. Layers that are not here it cannot train. */
export const tfjsLayers: { readonly [T in PlainLayerSpec['type']]?: Rule<LayerOf<T>> } = {
  Activation: (spec, x, { tf }) => activate(tf, spec.activation, x),
  AttentionPooling1D({ units }, x, pass) {
    const [rows, time, features] = x.shape as [number, number, number];
    const frames = x.reshape([rows * time, features]);
    const hidden = units === undefined ? frames : frames.matMul(pass.weight('kernel')).add(pass.weight('bias')).tanh();
    const shares = hidden.matMul(pass.weight('context')).reshape([rows, time]).softmax();
    return x.mul(shares.expandDims(2)).sum(1);
  },
  BatchNormalization(spec, x, pass) {
    const { tf } = pass;
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) =>
      pass.weight(name),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const scaled = (by: { readonly mean: tf.Tensor; readonly variance: tf.Tensor }) =>
      x
        .sub(by.mean)
        .mul(tf.rsqrt(by.variance.add(spec.epsilon)))
        .mul(gamma)
        .add(beta);
    if (!pass.training) return scaled({ mean, variance });
    const batch = tf.moments(x, x.shape.map((_, axis) => axis).slice(0, -1));
    pass.update('moving_mean', mean.mul(spec.momentum).add(batch.mean.mul(1 - spec.momentum)));
    pass.update('moving_variance', variance.mul(spec.momentum).add(batch.variance.mul(1 - spec.momentum)));
    return scaled(batch);
  },
  Conv1D(spec, x, pass) {
    const { tf } = pass;
    const y = tf.conv2d(
      x.expandDims(1) as tf.Tensor4D,
      pass.weight('kernel').expandDims(0) as tf.Tensor4D,
      [1, spec.strides[0]],
      spec.padding,
    );
    return finish(spec, y.squeeze([1]), pass);
  },
  Conv2D: (spec, x, pass) =>
    finish(
      spec,
      pass.tf.conv2d(x as tf.Tensor4D, pass.weight('kernel') as tf.Tensor4D, spec.strides, spec.padding),
      pass,
    ),
  Conv3D: (spec, x, pass) =>
    finish(
      spec,
      pass.tf.conv3d(x as tf.Tensor5D, pass.weight('kernel') as tf.Tensor5D, spec.strides, spec.padding),
      pass,
    ),
  ConvLSTM2D(spec, x, pass) {
    const { tf } = pass;
    const kernel = pass.weight('kernel') as tf.Tensor4D;
    const recurrent = pass.weight('recurrent_kernel') as tf.Tensor4D;
    const steps = tf.unstack(x, 1).map((frame) => {
      const sum = tf.conv2d(frame as tf.Tensor4D, kernel, 1, spec.padding);
      return spec.useBias ? sum.add(pass.weight('bias')) : sum;
    });
    const zeros = tf.zeros([...(steps[0] as tf.Tensor).shape.slice(0, -1), spec.filters]);
    const hidden = runLstm(tf, spec, steps.length, zeros, (h, t) =>
      tf.split((steps[t] as tf.Tensor).add(tf.conv2d(h as tf.Tensor4D, recurrent, 1, 'same')), 4, -1),
    );
    return spec.returnSequences ? tf.stack(hidden, 1) : (hidden.at(-1) as tf.Tensor);
  },
  Dense(spec, x, pass) {
    const rows = x.reshape([-1, x.shape.at(-1) as number]);
    return finish(spec, rows.matMul(pass.weight('kernel')), pass).reshape([...x.shape.slice(0, -1), spec.units]);
  },
  Dropout(_spec, x, pass) {
    const mask = pass.mask('dropout');
    return mask === undefined ? x : x.mul(mask);
  },
  Flatten: (_spec, x) => x.reshape([x.shape[0] as number, -1]),
  GRU(spec, x, pass) {
    const { tf } = pass;
    const kernels = tf.split(pass.weight('recurrent_kernel'), 3, 1);
    const [ofInputs, recurrent] = gruBiases(spec, pass);
    const inputs = gateInputs(x, 3, ofInputs, pass);
    const product = (h: tf.Tensor, part: number) => {
      const sum = masked(h, part, pass).matMul(kernels[part] as tf.Tensor);
      return recurrent === undefined ? sum : sum.add(recurrent[part] as tf.Tensor);
    };
    const gate = (h: tf.Tensor, part: number, t: number) =>
      activate(tf, spec.recurrentActivation, (inputs[part]?.[t] as tf.Tensor).add(product(h, part)));
    const hidden: tf.Tensor[] = [];
    let h: tf.Tensor = tf.zeros([x.shape[0] as number, spec.units]);
    for (let t = 0; t < (x.shape[1] as number); t++) {
      const [z, r] = [gate(h, 0, t), gate(h, 1, t)];
      const sum = spec.resetAfter ? r.mul(product(h, 2)) : product(r.mul(h), 2);
      const candidate = activate(tf, spec.activation, (inputs[2]?.[t] as tf.Tensor).add(sum));
      h = z.mul(h).add(tf.sub(1, z).mul(candidate));
      hidden.push(h);
    }
    return spec.returnSequences ? tf.stack(hidden, 1) : h;
  },
  GlobalAveragePooling1D: (_spec, x) => x.mean(1),
  GlobalMaxPooling1D: (_spec, x) => x.max(1),
  LSTM(spec, x, pass) {
    const { tf } = pass;
    const kernels = tf.split(pass.weight('recurrent_kernel'), 4, 1);
    const inputs = gateInputs(x, 4, spec.useBias ? tf.split(pass.weight('bias'), 4) : undefined, pass);
    const hidden = runLstm(tf, spec, x.shape[1] as number, tf.zeros([x.shape[0] as number, spec.units]), (h, t) =>
      inputs.map((steps, part) =>
        (steps[t] as tf.Tensor).add(masked(h, part, pass).matMul(kernels[part] as tf.Tensor)),
      ),
    );
    return spec.returnSequences ? tf.stack(hidden, 1) : (hidden.at(-1) as tf.Tensor);
  },
  MaxPooling1D: (spec, x, { tf }) =>
    tf.maxPool(x.expandDims(1) as tf.Tensor4D, [1, spec.poolSize[0]], [1, spec.poolSize[0]], 'valid').squeeze([1]),
  MaxPooling2D: (spec, x, { tf }) => tf.maxPool(x as tf.Tensor4D, spec.poolSize, spec.poolSize, 'valid'),
  MaxPooling3D: (spec, x, { tf }) => tf.maxPool3d(x as tf.Tensor5D, spec.poolSize, spec.poolSize, 'valid'),
  Rescaling: (spec, x) => x.mul(spec.scale).add(spec.offset),
  Reshape: (spec, x) => x.reshape([x.shape[0] as number, ...spec.targetShape]),
};

function activate(tf: Tfjs, kind: Activation, x: tf.Tensor): tf.Tensor {
  switch (kind) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'hardSigmoid':
      return x.mul(0.2).add(0.5).clipByValue(0, 1);
  }
}

/** Adds the bias and applies the activation. */
function finish(
  spec: { readonly useBias: boolean; readonly activation: Activation },
  sum: tf.Tensor,
  pass: TfjsPass,
): tf.Tensor {
  return activate(pass.tf, spec.activation, spec.useBias ? sum.add(pass.weight('bias')) : sum);
}

function masked(h: tf.Tensor, part: number, pass: TfjsPass): tf.Tensor {
  const mask = pass.mask(`state_${part}`);
  return mask === undefined ? h : h.mul(mask);
}

/** x W + b of each gate: a list of [n, units], a step each. */
function gateInputs(
  x: tf.Tensor,
  gates: number,
  biases: readonly tf.Tensor[] | undefined,
  pass: TfjsPass,
): tf.Tensor[][] {
  const { tf } = pass;
  const [rows, time, features] = x.shape as [number, number, number];
  return tf.split(pass.weight('kernel'), gates, 1).map((kernel, part) => {
    const mask = pass.mask(`inputs_${part}`);
    const sums = (mask === undefined ? x : x.mul(mask)).reshape([rows * time, features]).matMul(kernel);
    const bias = biases?.[part];
    return tf.unstack((bias === undefined ? sums : sums.add(bias)).reshape([rows, time, -1]), 1);
  });
}

/** Biases of the inputs' and, with resetAfter, of the recurrent products, gate by gate. */
function gruBiases(spec: LayerOf<'GRU'>, { tf, weight }: TfjsPass): [tf.Tensor[] | undefined, tf.Tensor[] | undefined] {
  if (!spec.useBias) return [undefined, undefined];
  if (!spec.resetAfter) return [tf.split(weight('bias'), 3), undefined];
  const [ofInputs, recurrent] = tf.unstack(weight('bias')) as [tf.Tensor, tf.Tensor];
  return [tf.split(ofInputs, 3), tf.split(recurrent, 3)];
}

/** States after each step. @param sums those of the gates i, f, c, o */
function runLstm(
  tf: Tfjs,
  spec: { readonly activation: Activation; readonly recurrentActivation: Activation },
  time: number,
  zeros: tf.Tensor,
  sums: (h: tf.Tensor, t: number) => tf.Tensor[],
): tf.Tensor[] {
  const hidden: tf.Tensor[] = [];
  let h = zeros;
  let memory = zeros;
  for (let t = 0; t < time; t++) {
    const [i, f, c, o] = sums(h, t) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const gate = (sum: tf.Tensor) => activate(tf, spec.recurrentActivation, sum);
    memory = gate(f)
      .mul(memory)
      .add(gate(i).mul(activate(tf, spec.activation, c)));
    h = gate(o).mul(activate(tf, spec.activation, memory));
    hidden.push(h);
  }
  return hidden;
}
