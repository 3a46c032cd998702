import type { Tensor } from '@primatrix/contracts';
import { GraphBuilder, type Dimension } from '@primatrix/onnx';
import { ModelError } from '../model-error.ts';
import type { Conversion, Convert } from './conversion.ts';
import { numberConversions } from './convert-numbers.ts';
import { pictureConversions } from './convert-pictures.ts';
import type { TfjsFile } from './tfjs-file.ts';
import type { TfjsModel, TfjsNode } from './tfjs-model.ts';

const conversions = new Map<string, Convert>(Object.entries({ ...pictureConversions, ...numberConversions }));

/**
 * Makes an ONNX graph of a graph model of TensorFlow.js: its placeholders become inputs, all of float32, operation after operation
 * follows, and whatever no output needs is left out. Values are those of TensorFlow.js but for the order of sums.
 * @param weights see `tfjsWeights`
 * @param outputs names of operations whose first output is one of the graph
 * @param path of the model, for messages
 * @throws ModelError MODEL_TFJS naming the operation, and what of it is not known here
 */
export function convertTfjs(
  { modelTopology }: Pick<TfjsModel, 'modelTopology'>,
  weights: ReadonlyMap<string, Tensor<'float32' | 'int32' | 'bool'>>,
  outputs: TfjsFile['outputs'],
  path: string,
): Uint8Array {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  const graph = new GraphBuilder('tfjs');
  const values = new Map<string, readonly string[]>();
  const wanted = outputs.map(({ name }) => name);
  for (const node of inOrder(nodes, wanted, path)) {
    const refuse = (rule: string) => new ModelError('MODEL_TFJS', `${path}: ${node.op} '${node.name}' ${rule}`);
    values.set(node.name, convertNode(node, graph, { values, weights, refuse }));
  }
  for (const { name, shape } of outputs) {
    const [value] = values.get(name) ?? [];
    if (value === undefined || value === name) {
      throw new ModelError('MODEL_TFJS', `${path}: '${name}' is to be an output, and computes nothing`);
    }
    graph.output(graph.node('Identity', [value], {}, { name }), 'float32', shape);
  }
  return graph.toBytes();
}

interface Making {
  readonly values: Map<string, readonly string[]>;
  readonly weights: ReadonlyMap<string, Tensor<'float32' | 'int32' | 'bool'>>;
  readonly refuse: (rule: string) => ModelError;
}

function convertNode(node: TfjsNode, graph: GraphBuilder, { values, weights, refuse }: Making): readonly string[] {
  if (node.op === 'Placeholder') {
    if (node.attr['dtype']?.type !== 'DT_FLOAT') throw refuse('must be of float32');
    const shape = node.attr['shape']?.shape?.dim ?? [];
    return [
      graph.input(
        node.name,
        'float32',
        shape.map(({ size }, axis): Dimension => (size < 0 ? `axis${axis}` : size)),
      ),
    ];
  }
  if (node.op === 'Const') {
    if (!weights.has(node.name)) throw refuse('has no weights');
    return [];
  }
  const convert = conversions.get(node.op);
  if (convert === undefined) throw refuse('is an operation that is not known here');
  const place = (index: number) => {
    const name = node.input[index];
    if (name === undefined) throw refuse(`must have an input ${index}`);
    return placeOf(name);
  };
  const conversion: Conversion = {
    graph,
    node,
    input(index) {
      const { name, output } = place(index);
      const tensor = weights.get(name);
      // Only where it is read as it is: filters are turned, and shapes become attributes.
      if (tensor !== undefined && !values.get(name)?.length) values.set(name, [graph.initializer(name, tensor)]);
      const value = values.get(name)?.[output];
      if (value === undefined) throw refuse(`reads output ${output} of '${name}', which there is not`);
      return value;
    },
    constant(index) {
      const { name } = place(index);
      const tensor = weights.get(name);
      if (tensor === undefined) throw refuse(`must know '${name}' before it runs`);
      return tensor;
    },
    store: (part, tensor) => graph.initializer(`${node.name}/${part}`, tensor),
    refuse,
  };
  return [convert(conversion)].flat();
}

/** What the outputs need, each after what it reads. */
function inOrder(nodes: ReadonlyMap<string, TfjsNode>, outputs: readonly string[], path: string): TfjsNode[] {
  const order: TfjsNode[] = [];
  const states = new Map<string, 'open' | 'done'>();
  // A stack of its own: a net may be deeper than calls can be.
  const stack = outputs.toReversed().map((name) => ({ name, reader: undefined as string | undefined }));
  while (stack.length > 0) {
    const { name, reader } = stack.at(-1) as (typeof stack)[number];
    const node = nodes.get(name);
    if (node === undefined) {
      const whose = reader === undefined ? 'is to be an output' : `is read by '${reader}'`;
      throw new ModelError('MODEL_TFJS', `${path}: there is no operation '${name}', which ${whose}`);
    }
    const wanted = node.input.map((input) => placeOf(input).name).filter((input) => states.get(input) !== 'done');
    if (states.get(name) === 'open' && wanted.some((input) => states.get(input) === 'open')) {
      throw new ModelError('MODEL_TFJS', `${path}: '${name}' reads what comes of it`);
    }
    if (wanted.length > 0) {
      states.set(name, 'open');
      stack.push(...wanted.map((input) => ({ name: input, reader: name })));
      continue;
    }
    stack.pop();
    if (states.get(name) !== 'done') order.push(node);
    states.set(name, 'done');
  }
  return order;
}

/** `name`, `name:1`, or `^name`, which is read for its order alone. */
function placeOf(input: string): { name: string; output: number } {
  const [, name = '', output = '0'] = /^\^?(.*?)(?::(\d+))?$/.exec(input) ?? [];
  return { name, output: Number(output) };
}
