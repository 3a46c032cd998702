import type * as tf from '@tensorflow/tfjs-core';
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
    const { tf } = pass;
    const [rows, time, features] = x.shape as [number, number, number];
    const frames = tf.reshape(x, [rows * time, features]);
    const hidden =
      units === undefined ? frames : tf.tanh(tf.add(tf.matMul(frames, pass.weight('kernel')), pass.weight('bias')));
    const shares = tf.softmax(tf.reshape(tf.matMul(hidden, pass.weight('context')), [rows, time]));
    return tf.sum(tf.mul(x, tf.expandDims(shares, 2)), 1);
  },
  BatchNormalization(spec, x, pass) {
    const { tf } = pass;
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) =>
      pass.weight(name),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const scaled = (by: { readonly mean: tf.Tensor; readonly variance: tf.Tensor }) =>
      tf.add(tf.mul(tf.mul(tf.sub(x, by.mean), tf.rsqrt(tf.add(by.variance, spec.epsilon))), gamma), beta);
    if (!pass.training) return scaled({ mean, variance });
    const batch = tf.moments(x, x.shape.map((_, axis) => axis).slice(0, -1));
    const moved = (old: tf.Tensor, seen: tf.Tensor) =>
      tf.add(tf.mul(old, spec.momentum), tf.mul(seen, 1 - spec.momentum));
    pass.update('moving_mean', moved(mean, batch.mean));
    pass.update('moving_variance', moved(variance, batch.variance));
    return scaled(batch);
  },
  Conv1D(spec, x, pass) {
    const { tf } = pass;
    const y = tf.conv2d(
      tf.expandDims<tf.Tensor4D>(x, 1),
      tf.expandDims<tf.Tensor4D>(pass.weight('kernel'), 0),
      [1, spec.strides[0]],
      spec.padding,
    );
    return finish(spec, tf.squeeze(y, [1]), pass);
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
      return spec.useBias ? tf.add(sum, pass.weight('bias')) : sum;
    });
    const zeros = tf.zeros([...(steps[0] as tf.Tensor).shape.slice(0, -1), spec.filters]);
    const hidden = runLstm(tf, spec, steps.length, zeros, (h, t) =>
      tf.split(tf.add(steps[t] as tf.Tensor, tf.conv2d(h as tf.Tensor4D, recurrent, 1, 'same')), 4, -1),
    );
    return spec.returnSequences ? tf.stack(hidden, 1) : (hidden.at(-1) as tf.Tensor);
  },
  Dense(spec, x, pass) {
    const { tf } = pass;
    const rows = tf.reshape(x, [-1, x.shape.at(-1) as number]);
    const finished = finish(spec, tf.matMul(rows, pass.weight('kernel')), pass);
    return tf.reshape(finished, [...x.shape.slice(0, -1), spec.units]);
  },
  Dropout(_spec, x, pass) {
    const mask = pass.mask('dropout');
    return mask === undefined ? x : pass.tf.mul(x, mask);
  },
  Flatten: (_spec, x, { tf }) => tf.reshape(x, [x.shape[0] as number, -1]),
  GRU(spec, x, pass) {
    const { tf } = pass;
    const kernels = tf.split(pass.weight('recurrent_kernel'), 3, 1);
    const [ofInputs, recurrent] = gruBiases(spec, pass);
    const inputs = gateInputs(x, 3, ofInputs, pass);
    const product = (h: tf.Tensor, part: number) => {
      const sum = tf.matMul(masked(h, part, pass), kernels[part] as tf.Tensor);
      return recurrent === undefined ? sum : tf.add(sum, recurrent[part] as tf.Tensor);
    };
    const gate = (h: tf.Tensor, part: number, t: number) =>
      activate(tf, spec.recurrentActivation, tf.add(inputs[part]?.[t] as tf.Tensor, product(h, part)));
    const hidden: tf.Tensor[] = [];
    let h: tf.Tensor = tf.zeros([x.shape[0] as number, spec.units]);
    for (let t = 0; t < (x.shape[1] as number); t++) {
      const [z, r] = [gate(h, 0, t), gate(h, 1, t)];
      const sum = spec.resetAfter ? tf.mul(r, product(h, 2)) : product(tf.mul(r, h), 2);
      const candidate = activate(tf, spec.activation, tf.add(inputs[2]?.[t] as tf.Tensor, sum));
      h = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
      hidden.push(h);
    }
    return spec.returnSequences ? tf.stack(hidden, 1) : h;
  },
  GlobalAveragePooling1D: (_spec, x, { tf }) => tf.mean(x, 1),
  GlobalMaxPooling1D: (_spec, x, { tf }) => tf.max(x, 1),
  LSTM(spec, x, pass) {
    const { tf } = pass;
    const kernels = tf.split(pass.weight('recurrent_kernel'), 4, 1);
    const inputs = gateInputs(x, 4, spec.useBias ? tf.split(pass.weight('bias'), 4) : undefined, pass);
    const hidden = runLstm(tf, spec, x.shape[1] as number, tf.zeros([x.shape[0] as number, spec.units]), (h, t) =>
      inputs.map((steps, part) =>
        tf.add(steps[t] as tf.Tensor, tf.matMul(masked(h, part, pass), kernels[part] as tf.Tensor)),
      ),
    );
    return spec.returnSequences ? tf.stack(hidden, 1) : (hidden.at(-1) as tf.Tensor);
  },
  MaxPooling1D: (spec, x, { tf }) =>
    tf.squeeze(
      tf.maxPool(tf.expandDims<tf.Tensor4D>(x, 1), [1, spec.poolSize[0]], [1, spec.poolSize[0]], 'valid'),
      [1],
    ),
  MaxPooling2D: (spec, x, { tf }) => tf.maxPool(x as tf.Tensor4D, spec.poolSize, spec.poolSize, 'valid'),
  MaxPooling3D: (spec, x, { tf }) => tf.maxPool3d(x as tf.Tensor5D, spec.poolSize, spec.poolSize, 'valid'),
  Rescaling: (spec, x, { tf }) => tf.add(tf.mul(x, spec.scale), spec.offset),
  Reshape: (spec, x, { tf }) => tf.reshape(x, [x.shape[0] as number, ...spec.targetShape]),
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
      return tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
  }
}

/** Adds the bias and applies the activation. */
function finish(
  spec: { readonly useBias: boolean; readonly activation: Activation },
  sum: tf.Tensor,
  pass: TfjsPass,
): tf.Tensor {
  return activate(pass.tf, spec.activation, spec.useBias ? pass.tf.add(sum, pass.weight('bias')) : sum);
}

function masked(h: tf.Tensor, part: number, pass: TfjsPass): tf.Tensor {
  const mask = pass.mask(`state_${part}`);
  return mask === undefined ? h : pass.tf.mul(h, mask);
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
    const sums = tf.matMul(tf.reshape(mask === undefined ? x : tf.mul(x, mask), [rows * time, features]), kernel);
    const bias = biases?.[part];
    return tf.unstack(tf.reshape(bias === undefined ? sums : tf.add(sums, bias), [rows, time, -1]), 1);
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
    memory = tf.add(tf.mul(gate(f), memory), tf.mul(gate(i), activate(tf, spec.activation, c)));
    h = tf.mul(gate(o), activate(tf, spec.activation, memory));
    hidden.push(h);
  }
  return hidden;
}
