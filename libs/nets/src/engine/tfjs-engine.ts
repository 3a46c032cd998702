import type * as tf from '@tensorflow/tfjs-core';
import { compileTraining, withLogits } from '../graph/compile.ts';
import type { MaskInput } from '../graph/emitter.ts';
import type { NetSpec, PlainLayerSpec } from '../layer-spec.ts';
import { netWeights, resolveNet, type NamedWeight, type Net } from '../net.ts';
import { EngineError } from './engine-error.ts';
import { tfjsLayers, type TfjsPass } from './tfjs-layers.ts';
import { loadTfjs, type Tfjs } from './tfjs-runtime.ts';
import type { StepInput, StepOutput, TrainEngine, WeightValues } from './train-engine.ts';

/** @throws EngineError `ENGINE_LAYER` where the net has a layer that this engine lacks */
export function requireTfjsLayers(net: Net): void {
  const layer = net.layers.find(({ spec }) => tfjsLayers[spec.type] === undefined);
  if (layer === undefined) return;
  throw new EngineError(
    'ENGINE_LAYER',
    `nets: engine 'tfjs' has no ${layer.spec.type}, which is layer '${layer.name}' of net '${net.name}'`,
    {
      fields: { net: net.name, layer: layer.name, type: layer.spec.type },
      hint: 'use --engine onnx',
    },
  );
}

/** Training steps with tfjs' operators and automatic gradients. */
export async function openTfjsEngine(spec: NetSpec, batch: number): Promise<TrainEngine> {
  const net = resolveNet(spec);
  requireTfjsLayers(net);
  // The compiled graph says which masks there are: both engines drop the same.
  const { masks } = compileTraining(spec, batch);
  return new TfjsEngine(net, batch, masks, await loadTfjs());
}

class TfjsEngine implements TrainEngine {
  readonly masks: readonly MaskInput[];
  private readonly net: Net;
  private readonly logits: Net;
  private readonly batch: number;
  private readonly tf: Tfjs;
  private readonly weights: readonly NamedWeight[];

  constructor(net: Net, batch: number, masks: readonly MaskInput[], tfjs: Tfjs) {
    this.masks = masks;
    this.net = net;
    this.logits = withLogits(net);
    this.batch = batch;
    this.tf = tfjs;
    this.weights = netWeights(net);
  }

  async step({ x, labels, masks }: StepInput, weights: WeightValues): Promise<StepOutput> {
    const { tf, net, batch } = this;
    const updates = new Map<string, tf.Tensor>();
    const learning = this.weights.filter((weight) => weight.trainable !== false).map((weight) => weight.fullName);
    const { value, grads } = tf.tidy(() => {
      const tensors = this.tensors(weights);
      const maskTensors = new Map(
        this.masks.map((mask) => [mask.name, maskTensor(tf, mask, masks.get(mask.name) as Float32Array)]),
      );
      const input = tf.tensor(x, [batch, ...net.input]);
      const classes = net.output.at(-1) as number;
      const target = tf.tensor(labels, [batch, ...net.output.slice(0, -1).map(() => 1), classes]);
      return tf.valueAndGrads((...parameters) => {
        learning.forEach((name, i) => tensors.set(name, parameters[i] as tf.Tensor));
        const z = forward(tf, this.logits, input, tensors, maskTensors, updates);
        return tf.mean<tf.Scalar>(tf.sub(tf.softplus(z), tf.mul(z, target)));
      })(learning.map((name) => tensors.get(name) as tf.Tensor));
    });
    const read = async (tensor: tf.Tensor): Promise<Float32Array> => {
      const data = Float32Array.from((await tensor.data()) as Float32Array);
      tensor.dispose();
      return data;
    };
    const gradients = new Map<string, Float32Array>();
    for (const [i, name] of learning.entries()) gradients.set(name, await read(grads[i] as tf.Tensor));
    const moved = new Map<string, Float32Array>();
    for (const [name, tensor] of updates) moved.set(name, await read(tensor));
    return { loss: (await read(value))[0] as number, gradients, updates: moved };
  }

  async predict(x: Float32Array, rows: number, weights: WeightValues): Promise<Float32Array> {
    const { tf, net } = this;
    const y = tf.tidy(() => {
      const steps = forward(tf, net, tf.tensor(x, [rows, ...net.input]), this.tensors(weights));
      return tf.mean(tf.reshape(steps, [rows, -1, net.output.at(-1) as number]), 1);
    });
    const data = Float32Array.from((await y.data()) as Float32Array);
    y.dispose();
    return data;
  }

  dispose(): Promise<void> {
    // Nothing outlives a step.
    return Promise.resolve();
  }

  private tensors(weights: WeightValues): Map<string, tf.Tensor> {
    return new Map(
      this.weights.map(({ fullName, shape }) => [
        fullName,
        this.tf.tensor(weights.get(fullName) as Float32Array, [...shape]),
      ]),
    );
  }
}

/** @param masks and updates only in training; updates outlive `tf.tidy` */
function forward(
  tf: Tfjs,
  net: Net,
  x: tf.Tensor,
  weights: ReadonlyMap<string, tf.Tensor>,
  masks?: ReadonlyMap<string, tf.Tensor>,
  updates?: Map<string, tf.Tensor>,
): tf.Tensor {
  const samples = x.shape[0] as number;
  let value = x;
  for (const layer of net.layers) {
    const pass: TfjsPass = {
      tf,
      training: updates !== undefined,
      weight: (name) => weights.get(`${layer.name}/${name}`) as tf.Tensor,
      mask: (name) => masks?.get(`mask:${layer.name}/${name}`),
      update: (name, tensor) => updates?.set(`${layer.name}/${name}`, tf.keep(tensor)),
    };
    const rule = tfjsLayers[layer.spec.type] as (spec: PlainLayerSpec, x: tf.Tensor, pass: TfjsPass) => tf.Tensor;
    const steps = layer.repeat === null ? [] : [layer.repeat];
    const y = rule(layer.spec, tf.reshape(value, [samples * (layer.repeat ?? 1), ...layer.input]), pass);
    value = tf.reshape(y, [samples, ...steps, ...layer.output]);
  }
  return value;
}

/** A mask with channels last, as all of this engine's tensors. */
function maskTensor(tf: Tfjs, { shape, channelsFirst }: MaskInput, data: Float32Array): tf.Tensor {
  const mask = tf.tensor(data, [...shape]);
  return channelsFirst ? tf.transpose(mask, [0, ...shape.map((_, axis) => axis + 2).slice(0, -2), 1]) : mask;
}
