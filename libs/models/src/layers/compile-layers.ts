import type { Tensor } from '@primatrix/contracts';
import { GraphBuilder } from '@primatrix/onnx';
import { ModelError } from '../model-error.ts';
import type { Layer, LayersFile } from './layers-file.ts';

/** A value of the graph: its name there, and its channels; [n, channels] where it is flat, else [n, channels, height, width]. */
interface Value {
  readonly name: string;
  readonly channels: number;
  readonly flat: boolean;
}

/** What a layer is made with. */
interface Making {
  readonly graph: GraphBuilder;
  /** @throws ModelError where there is no such tensor of that many axes, 0 for any */
  take(name: string, axes: number): Tensor<'float32'>;
  has(name: string): boolean;
  /** Puts a weight into the graph; layers may share one. */
  store(name: string, tensor: Tensor<'float32'>): string;
  value(name: string): Value;
  refuse(rule: string): ModelError;
}

/**
 * Makes an ONNX graph of a declared net. Batch norm becomes part of the convolution before it.
 * @param tensors the state dictionary; each must be read by a layer, but for counters of batches
 * @param path of the declaration, for messages
 * @throws ModelError MODEL_LAYERS naming the layer, and what is missing, left over or of another shape
 */
export function compileLayers(file: LayersFile, tensors: Readonly<Record<string, Tensor>>, path: string): Uint8Array {
  const { input, layers, outputs } = file;
  const graph = new GraphBuilder(String(file.card.name));
  const values = new Map<string, Value>([
    [input.name, { name: graph.input(input.name, 'float32', input.shape), channels: input.shape[1], flat: false }],
  ]);
  const taken = new Set<string>();
  let last = input.name;
  for (const [number, layer] of layers.entries()) {
    const name = layer.name ?? `layers/${number}`;
    const refuse = (rule: string) =>
      new ModelError(
        'MODEL_LAYERS',
        `${path}: layer ${number} (${layer.op}${layer.name === undefined ? '' : ` '${name}'`}) ${rule}`,
      );
    if (values.has(name)) throw refuse('has a name that is taken');
    const value = (wanted: string): Value => {
      const found = values.get(wanted);
      if (found === undefined) throw refuse(`reads '${wanted}', which no layer before it is`);
      return found;
    };
    const take = (tensor: string, axes: number): Tensor<'float32'> => {
      const found = tensors[tensor];
      if (found === undefined) throw refuse(`needs a tensor '${tensor}', which the weights do not have`);
      if (found.dtype !== 'float32' || (axes > 0 && found.shape.length !== axes)) {
        throw refuse(`needs '${tensor}' as float32 of ${axes} axes, got ${found.dtype} [${found.shape.join(', ')}]`);
      }
      taken.add(tensor);
      return found as Tensor<'float32'>;
    };
    const store = (weight: string, tensor: Tensor<'float32'>) => graph.initializer(`${name}/${weight}`, tensor);
    const making: Making = { graph, take, has: (tensor) => tensor in tensors, store, value, refuse };
    values.set(name, makeLayer(layer, value(layer.from ?? last), making));
    last = name;
  }
  const left = Object.keys(tensors).find((name) => !taken.has(name) && !name.endsWith('.num_batches_tracked'));
  if (left !== undefined) {
    throw new ModelError('MODEL_LAYERS', `${path}: no layer reads the tensor '${left}' of the weights`);
  }
  for (const name of outputs) {
    const value = values.get(name);
    if (value === undefined) throw new ModelError('MODEL_LAYERS', `${path}: the output '${name}' is no layer`);
    const [n, , height, width] = input.shape;
    graph.output(
      graph.node('Identity', [value.name], {}, { name }),
      'float32',
      value.flat ? [n, value.channels] : [n, value.channels, `${height} of ${name}`, `${width} of ${name}`],
    );
  }
  return graph.toBytes();
}

function makeLayer(layer: Layer, x: Value, making: Making): Value {
  const { graph, refuse, value } = making;
  switch (layer.op) {
    case 'conv':
      return activated(convolution(layer, x, making), layer.then, graph);
    case 'linear':
      return activated(linear(layer.weights, x, making), layer.then, graph);
    case 'squeeze': {
      const narrow = activated(linear(layer.narrow, mean(x, making), making), 'relu', graph);
      const wide = linear(layer.widen, narrow, making);
      if (wide.channels !== x.channels) throw refuse(`must end with ${x.channels} channels, got ${wide.channels}`);
      const gate = graph.node('Unsqueeze', [graph.node('Sigmoid', [wide.name]), graph.ints([2, 3])]);
      return { ...x, name: graph.node('Mul', [x.name, gate]) };
    }
    case 'add': {
      const other = value(layer.with);
      if (other.channels !== x.channels || other.flat !== x.flat) {
        throw refuse(`adds ${other.channels} channels to ${x.channels}`);
      }
      return { ...x, name: graph.node('Add', [x.name, other.name]) };
    }
    case 'mean':
      return mean(x, making);
  }
}

function convolution(layer: Extract<Layer, { op: 'conv' }>, x: Value, making: Making): Value {
  const { graph, take, has, store, refuse } = making;
  const { weights, norm, stride, pad } = layer;
  const kernel = take(`${weights}.weight`, 4);
  const [channels, each, height, width] = kernel.shape as [number, number, number, number];
  if (x.flat || x.channels % each !== 0 || channels % (x.channels / each) !== 0) {
    throw refuse(`has a kernel [${kernel.shape.join(', ')}], and reads ${x.flat ? 'flat ' : ''}${x.channels} channels`);
  }
  const own = has(`${weights}.bias`) ? take(`${weights}.bias`, 1).data : undefined;
  const { scale, shift } = norm === undefined ? {} : normOf(norm, channels, making);
  const bias = Float32Array.from(
    { length: channels },
    (_, c) => (own?.[c] ?? 0) * (scale?.[c] ?? 1) + (shift?.[c] ?? 0),
  );
  const area = kernel.data.length / channels;
  const data =
    scale === undefined ? kernel.data : kernel.data.map((w, i) => w * (scale[Math.floor(i / area)] as number));
  const name = graph.node(
    'Conv',
    [
      x.name,
      store(`${weights}.weight`, { ...kernel, data }),
      store(`${weights}.bias`, { dtype: 'float32', shape: [channels], data: bias }),
    ],
    {
      kernel_shape: [height, width],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group: x.channels / each,
    },
  );
  return { name, channels, flat: false };
}

function normOf(
  { weights, epsilon }: { readonly weights: string; readonly epsilon: number },
  channels: number,
  { take, refuse }: Making,
): { scale: Float64Array; shift: Float64Array } {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => take(`${weights}.${part}`, 1).data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  if ([gamma, beta, mean, variance].some(({ length }) => length !== channels)) {
    throw refuse(`has ${channels} channels, and its norm has another number`);
  }
  const scale = Float64Array.from(variance, (v, c) => (gamma[c] as number) / Math.sqrt(v + epsilon));
  return { scale, shift: scale.map((s, c) => (beta[c] as number) - (mean[c] as number) * s) };
}

function linear(weights: string, x: Value, { graph, take, has, store, refuse }: Making): Value {
  const matrix = take(`${weights}.weight`, 2);
  const [channels, inputs] = matrix.shape as [number, number];
  if (!x.flat || inputs !== x.channels) {
    throw refuse(`has weights [${channels}, ${inputs}], and reads ${x.channels} channels${x.flat ? '' : ', not flat'}`);
  }
  const operands = [x.name, store(`${weights}.weight`, matrix)];
  if (has(`${weights}.bias`)) operands.push(store(`${weights}.bias`, take(`${weights}.bias`, 1)));
  return { name: graph.node('Gemm', operands, { transB: 1 }), channels, flat: true };
}

function mean(x: Value, { graph, refuse }: Making): Value {
  if (x.flat) throw refuse('reads what is flat already');
  return { ...x, name: graph.node('ReduceMean', [x.name], { axes: [2, 3], keepdims: 0 }), flat: true };
}

function activated(x: Value, then: 'relu' | 'hard-swish' | undefined, graph: GraphBuilder): Value {
  if (then === undefined) return x;
  return { ...x, name: graph.node(then === 'relu' ? 'Relu' : 'HardSwish', [x.name]) };
}
