import type { Tensor } from '@primatrix/contracts';
import type { KerasWeight } from './keras-weights/read-keras-weights.ts';
import { GraphBuilder } from '@primatrix/onnx';
import type { BackboneLayer, BackboneSpec } from './backbone-spec.ts';
import { BackboneError } from './errors.ts';
import { winogradConvolution } from './winograd.ts';

/** Arrays of each layer that has any, in Keras's order and axis order. */
export type BackboneWeights = ReadonlyMap<string, readonly KerasWeight[]>;

type ConvLayer = Extract<BackboneLayer, { op: 'conv' | 'depthwise' }>;
type NormLayer = Extract<BackboneLayer, { op: 'batchNorm' }>;

/** Means of the ImageNet pictures, red, green, blue; Caffe nets want them taken off. */
const caffeMeans = [123.68, 116.779, 103.939];

/** A convolution as it stands in a graph: its kernel [out, in, h, w], batch norm multiplied in, and its bias [out]. */
interface FoldedLayer {
  readonly kernel: Tensor<'float32'>;
  readonly bias: Float32Array | undefined;
}

/** What every convolution is computed with, by the layer's name. */
export type FoldedLayers = ReadonlyMap<string, FoldedLayer>;

/** How convolutions are computed. */
export interface CompileOptions {
  /** Those that it makes faster, by Winograd's method; see {@link winogradConvolution}. Default false. */
  readonly winograd?: boolean;
}

/** Fewer channels or filters gain nothing from Winograd's method: measured with VGG16 at 448 pixels. */
const winogradChannels = 128;

/**
 * Writes a backbone as an inference graph: `frames` uint8 [n, height, width, 3], RGB, to `features` float32
 * [n, width]. Any batch, any size. Preprocessing is part of the graph; batch norm is folded into the kernels
 * before it, which are turned from Keras's axis order here, once.
 */
export function compileBackbone(
  spec: BackboneSpec,
  weights: BackboneWeights,
  options: CompileOptions = {},
): Uint8Array {
  const norms = normsByConv(spec);
  const folded = spec.layers.flatMap((layer) =>
    layer.op === 'conv' || layer.op === 'depthwise'
      ? [[layer.name, foldedLayer(spec, layer, norms.get(layer.name), weights)] as const]
      : [],
  );
  return compileFolded(spec, new Map(folded), options);
}

/** As {@link compileBackbone}, from what a graph of the backbone has already: see {@link foldedLayersOf}. */
export function compileFolded(
  spec: BackboneSpec,
  layers: FoldedLayers,
  { winograd = false }: CompileOptions,
): Uint8Array {
  const graph = new GraphBuilder(spec.name);
  const values = new Map<string, string>([['input', preprocess(graph, spec)]]);
  const norms = normsByConv(spec);
  for (const layer of spec.layers) {
    if (layer.op === 'conv' || layer.op === 'depthwise') {
      const folded = layers.get(layer.name);
      if (folded === undefined) throw withoutWeights(layer.name);
      const value =
        winograd && gainsFromWinograd(layer, folded)
          ? winogradConvolution(graph, layer.name, values.get(layer.input) as string, folded.kernel, folded.bias)
          : convolve(graph, layer, values, folded);
      values.set(layer.name, value);
      values.set(norms.get(layer.name)?.name ?? layer.name, value);
    } else if (layer.op !== 'batchNorm') {
      values.set(layer.name, simpleLayer(graph, layer, values));
    }
  }
  pool(graph, spec, values);
  return graph.toBytes({ metadata: { backbone: spec.name } });
}

/**
 * What the convolutions of a graph are computed with that {@link compileBackbone} wrote plainly.
 * @param tensors by the names that they have there
 */
export function foldedLayersOf(tensors: ReadonlyMap<string, Tensor<'float32'>>): FoldedLayers {
  const layers = new Map<string, FoldedLayer>();
  for (const [name, kernel] of tensors) {
    if (!name.endsWith('/kernel')) continue;
    const layer = name.slice(0, -'/kernel'.length);
    layers.set(layer, { kernel, bias: tensors.get(`${layer}/bias`)?.data });
  }
  return layers;
}

function gainsFromWinograd({ op, kernel, stride, pad }: ConvLayer, { kernel: { shape } }: FoldedLayer): boolean {
  const [filters = 0, channels = 0] = shape;
  return (
    op === 'conv' &&
    kernel.every((side) => side === 3) &&
    stride === 1 &&
    pad.every((side) => side === 1) &&
    Math.min(filters, channels) >= winogradChannels
  );
}

/**
 * The same graph with every convolution's output brought to mean 0 and variance 1 over the batch and the
 * picture, channel by channel; besides the features it returns `<conv>/mean` and `<conv>/variance`, [channels].
 * Batch norm and biases of `weights` are not used.
 */
export function compileCalibration(spec: BackboneSpec, weights: BackboneWeights): Uint8Array {
  const graph = new GraphBuilder(`${spec.name}-calibration`);
  const values = new Map<string, string>([['input', preprocess(graph, spec)]]);
  const norms = normsByConv(spec);
  for (const layer of spec.layers) {
    if (layer.op === 'conv' || layer.op === 'depthwise') {
      const kernel = arraysOf(weights, layer.name)[0] as Tensor<'float32'>;
      const raw = convolve(graph, layer, values, {
        kernel: toChannelsFirst(kernel, layer.op === 'depthwise'),
        bias: undefined,
      });
      const mean = graph.node('ReduceMean', [raw], { axes: [0, 2, 3], keepdims: 1 });
      const centred = graph.node('Sub', [raw, mean]);
      const variance = graph.node('ReduceMean', [graph.node('Mul', [centred, centred])], {
        axes: [0, 2, 3],
        keepdims: 1,
      });
      const value = graph.node('Div', [
        centred,
        graph.node('Sqrt', [graph.node('Add', [variance, graph.floats(1e-6)])]),
      ]);
      for (const [what, statistic] of [
        ['mean', mean],
        ['variance', variance],
      ] as const) {
        graph.output(graph.node('Flatten', [statistic], { axis: 0 }, { name: `${layer.name}/${what}` }), 'float32', [
          1,
          'channels',
        ]);
      }
      values.set(layer.name, value);
      values.set(norms.get(layer.name)?.name ?? layer.name, value);
    } else if (layer.op !== 'batchNorm') {
      values.set(layer.name, simpleLayer(graph, layer, values));
    }
  }
  pool(graph, spec, values);
  return graph.toBytes();
}

/** Every batch norm must directly follow a convolution that nothing else reads: only then it can be folded. */
function normsByConv(spec: BackboneSpec): Map<string, NormLayer> {
  const norms = new Map<string, NormLayer>();
  for (const layer of spec.layers) {
    if (layer.op !== 'batchNorm') continue;
    const source = spec.layers.find(({ name }) => name === layer.input);
    const readers = spec.layers.filter((other) =>
      ('inputs' in other ? other.inputs : [other.input]).includes(layer.input),
    );
    if ((source?.op !== 'conv' && source?.op !== 'depthwise') || readers.length !== 1) {
      throw new BackboneError(
        'BACKBONE_SPEC',
        `backbones: batch norm '${layer.name}' of ${spec.title} must be the only reader of a convolution`,
      );
    }
    norms.set(layer.input, layer);
  }
  return norms;
}

function preprocess(graph: GraphBuilder, spec: BackboneSpec): string {
  const frames = graph.input('frames', 'uint8', ['n', 'height', 'width', 3]);
  const planes = graph.node('Transpose', [graph.node('Cast', [frames], { to: 1 })], { perm: [0, 3, 1, 2] });
  if (spec.preprocess === 'tf') {
    return graph.node('Sub', [graph.node('Div', [planes, graph.floats(127.5)]), graph.floats(1)]);
  }
  const means = graph.initializer('means', { dtype: 'float32', shape: [3, 1, 1], data: Float32Array.from(caffeMeans) });
  return graph.node('Sub', [planes, means]);
}

function convolve(
  graph: GraphBuilder,
  layer: ConvLayer,
  values: ReadonlyMap<string, string>,
  { kernel, bias }: FoldedLayer,
): string {
  const inputs = [values.get(layer.input) as string, graph.initializer(`${layer.name}/kernel`, kernel)];
  if (bias !== undefined) {
    inputs.push(graph.initializer(`${layer.name}/bias`, { dtype: 'float32', shape: [bias.length], data: bias }));
  }
  return graph.node('Conv', inputs, {
    kernel_shape: layer.kernel,
    strides: [layer.stride, layer.stride],
    pads: layer.pad,
    group: layer.op === 'depthwise' ? (kernel.shape[0] as number) : 1,
  });
}

function simpleLayer(
  graph: GraphBuilder,
  layer: Exclude<BackboneLayer, ConvLayer | NormLayer>,
  values: ReadonlyMap<string, string>,
): string {
  const value = (name: string) => values.get(name) as string;
  switch (layer.op) {
    case 'relu':
      return graph.node('Relu', [value(layer.input)]);
    case 'relu6':
      return graph.node('Clip', [value(layer.input), graph.floats(0), graph.floats(6)]);
    case 'maxPool':
    case 'averagePool':
      return graph.node(layer.op === 'maxPool' ? 'MaxPool' : 'AveragePool', [value(layer.input)], {
        kernel_shape: layer.kernel,
        strides: [layer.stride, layer.stride],
        pads: layer.pad,
      });
    case 'add':
      return graph.node('Add', layer.inputs.map(value));
    case 'concat':
      return graph.node('Concat', layer.inputs.map(value), { axis: 1 });
  }
}

function pool(graph: GraphBuilder, spec: BackboneSpec, values: ReadonlyMap<string, string>): void {
  const last = values.get((spec.layers.at(-1) as BackboneLayer).name) as string;
  graph.output(
    graph.node('Flatten', [graph.node('GlobalAveragePool', [last])], { axis: 1 }, { name: 'features' }),
    'float32',
    ['n', spec.width],
  );
}

/** A convolution's kernel and bias, with the batch norm after it multiplied in. */
function foldedLayer(
  spec: BackboneSpec,
  layer: ConvLayer,
  norm: NormLayer | undefined,
  weights: BackboneWeights,
): FoldedLayer {
  const depthwise = layer.op === 'depthwise';
  const [kernel, bias] = arraysOf(weights, layer.name) as [Tensor<'float32'>, Tensor<'float32'> | undefined];
  const ordered = spec.preprocess === 'caffe' && layer.input === 'input' ? flipInputChannels(kernel) : kernel;
  if (norm === undefined) return { kernel: toChannelsFirst(ordered, depthwise), bias: bias?.data };
  const arrays = arraysOf(weights, norm.name);
  const [beta, mean, variance] = (norm.scale ? arrays.slice(1) : arrays).map(({ data }) => data) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const gamma = norm.scale ? arrays[0]?.data : undefined;
  const scale = Float64Array.from(variance, (v, c) => (gamma?.[c] ?? 1) / Math.sqrt(v + norm.epsilon));
  const channels = scale.length;
  // Channels are the last axis of both kernels: [h, w, in, out] and, flattened, [h, w, channel, 1].
  const scaled = { ...ordered, data: ordered.data.map((w, i) => w * (scale[i % channels] as number)) };
  return {
    kernel: toChannelsFirst(scaled, depthwise),
    bias: Float32Array.from(scale, (s, c) => (beta[c] as number) + ((bias?.data[c] ?? 0) - (mean[c] as number)) * s),
  };
}

/** The net was trained on BGR and the graph reads RGB: turning the first kernel is free and exact. */
function flipInputChannels(kernel: Tensor<'float32'>): Tensor<'float32'> {
  const [, , inputs, outputs] = kernel.shape as [number, number, number, number];
  const data = new Float32Array(kernel.data.length);
  for (let i = 0; i < data.length; i++) {
    const input = Math.floor(i / outputs) % inputs;
    data[i + (inputs - 1 - 2 * input) * outputs] = kernel.data[i] as number;
  }
  return { ...kernel, data };
}

/** [h, w, in, out] to [out, in, h, w]; depthwise [h, w, channel, 1] to [channel, 1, h, w]. */
function toChannelsFirst(kernel: Tensor<'float32'>, depthwise: boolean): Tensor<'float32'> {
  const [h, w, a, b] = kernel.shape as [number, number, number, number];
  const [inputs, outputs] = depthwise ? [b, a] : [a, b];
  const data = new Float32Array(kernel.data.length);
  const area = h * w;
  for (let p = 0; p < area; p++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        data[(o * inputs + i) * area + p] = kernel.data[(p * inputs + i) * outputs + o] as number;
      }
    }
  }
  return { dtype: 'float32', shape: [outputs, inputs, h, w], data };
}

function arraysOf(weights: BackboneWeights, layer: string): readonly Tensor<'float32'>[] {
  const arrays = weights.get(layer);
  if (arrays === undefined) throw withoutWeights(layer);
  return arrays.map(({ tensor }) => tensor);
}

function withoutWeights(layer: string): BackboneError {
  return new BackboneError('BACKBONE_SPEC', `backbones: no weights for layer '${layer}'`);
}
