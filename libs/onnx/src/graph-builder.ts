import { PrimatrixError, type DType, type Tensor } from '@primatrix/contracts';
import { ProtoWriter } from './protobuf.ts';

/** TensorProto.DataType of the ONNX specification. */
const dataTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

/**
 * An attribute of a node. Plain numbers are ONNX ints when whole: write `{ float: 1 }` where the
 * operator wants a float.
 */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: Tensor }
  | { readonly graph: GraphBuilder };

/** A dimension: a number, or the name of one that is set at run time. */
export type Dimension = number | string;

/** The graph cannot be written: a name twice, an unknown value, an attribute of no known kind. */
export class GraphError extends PrimatrixError {}

/** What a node of the graph has beside its operator, inputs and attributes. */
export interface NodeOptions {
  /** Operator domain; empty for ONNX's own, `com.microsoft` for ONNX Runtime's. */
  readonly domain?: string;
  readonly name?: string;
}

/**
 * Builds an ONNX graph value by value. Every method that makes a value returns its name, so that graphs
 * read like expressions: `g.node('Relu', [g.node('MatMul', [x, w])])`.
 */
export class GraphBuilder {
  readonly name: string;
  private readonly nodes: ProtoWriter[] = [];
  private readonly initializers: ProtoWriter[] = [];
  private readonly inputs: ProtoWriter[] = [];
  private readonly outputs: ProtoWriter[] = [];
  private readonly names = new Set<string>();
  private readonly constants = new Map<string, string>();
  private readonly domains = new Set<string>();
  private readonly outer: GraphBuilder | undefined;
  private counter = 0;
  private bodyNodes = 0;

  /** @param outer the graph this one is a body of: its values may be used here, its names are taken. `name` must then be fresh there. */
  constructor(name: string, outer?: GraphBuilder) {
    this.name = name;
    this.outer = outer;
  }

  /** Number of nodes so far, bodies' included: session start-up time grows with it (keep it below about 4,000). */
  get nodeCount(): number {
    return this.nodes.length + this.bodyNodes;
  }

  /** Declares a graph input and returns its name. */
  input(name: string, dtype: DType, shape: readonly Dimension[]): string {
    this.claim(name);
    this.inputs.push(valueInfo(name, dtype, shape));
    return name;
  }

  /** Makes a value a graph output. Renames nothing: `name` must exist. */
  output(name: string, dtype: DType, shape: readonly Dimension[]): void {
    if (!this.has(name)) {
      throw new GraphError('ONNX_GRAPH', `onnx: output '${name}' of graph '${this.name}' is no value of it`);
    }
    this.outputs.push(valueInfo(name, dtype, shape));
  }

  /** Stores a tensor in the model (a weight) and returns its name. */
  initializer(name: string, tensor: Tensor): string {
    this.claim(name);
    this.initializers.push(tensorProto(tensor, name));
    return name;
  }

  /** A small int64 tensor, shared between equal uses: shapes, axes, indices. A number gives a scalar. */
  ints(values: number | readonly number[]): string {
    const key = `i${JSON.stringify(values)}`;
    return this.constant(key, () => ({
      dtype: 'int64',
      shape: typeof values === 'number' ? [] : [values.length],
      data: BigInt64Array.from([values].flat(), BigInt),
    }));
  }

  /** A small float32 tensor, shared between equal uses. A number gives a scalar. */
  floats(values: number | readonly number[]): string {
    const key = `f${JSON.stringify(values)}`;
    return this.constant(key, () => ({
      dtype: 'float32',
      shape: typeof values === 'number' ? [] : [values.length],
      data: Float32Array.from([values].flat()),
    }));
  }

  /** Adds a node with one output and returns that value's name. An empty input name is an absent optional input. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: NodeOptions = {},
  ): string {
    return this.append(op, inputs, 1, attributes, options)[0] as string;
  }

  /**
   * Adds a node with several outputs; `outputs` is their number, or a list of which of them are wanted. Only outputs
   * that the operator calls optional may be left out: ONNX Runtime crashes where, say, one of Split's is missing.
   */
  nodeN(
    op: string,
    inputs: readonly string[],
    outputs: number | readonly boolean[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: NodeOptions = {},
  ): string[] {
    return this.append(op, inputs, outputs, attributes, options);
  }

  /** A new name that is not taken yet. */
  fresh(stem: string): string {
    // A body's own names, so that the outer graph's later ones do not meet them.
    const prefix = this.outer === undefined ? '' : `${this.name}/`;
    let name: string;
    do name = `${prefix}${stem}_${this.counter++}`;
    while (this.has(name));
    return name;
  }

  /**
   * The whole model as ONNX bytes.
   * @param metadata text entries kept in the model's `metadata_props`
   */
  toBytes(options: { opset?: number; metadata?: Readonly<Record<string, string>> } = {}): Uint8Array {
    const model = new ProtoWriter().int(1, 8).string(2, 'primatrix').message(7, this.toProto());
    model.message(8, new ProtoWriter().string(1, '').int(2, options.opset ?? 17));
    for (const domain of [...this.domains].sort()) model.message(8, new ProtoWriter().string(1, domain).int(2, 1));
    for (const [key, value] of Object.entries(options.metadata ?? {})) {
      model.message(14, new ProtoWriter().string(1, key).string(2, value));
    }
    return model.toBytes();
  }

  private toProto(): ProtoWriter {
    const graph = new ProtoWriter();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, this.name);
    for (const tensor of this.initializers) graph.message(5, tensor);
    for (const value of this.inputs) graph.message(11, value);
    for (const value of this.outputs) graph.message(12, value);
    return graph;
  }

  private constant(key: string, make: () => Tensor): string {
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.initializer(this.fresh('const'), make());
    this.constants.set(key, name);
    return name;
  }

  private append(
    op: string,
    inputs: readonly string[],
    outputs: number | readonly boolean[],
    attributes: Readonly<Record<string, Attribute>>,
    options: NodeOptions,
  ): string[] {
    const node = new ProtoWriter();
    for (const input of inputs) {
      if (input !== '' && !this.has(input)) {
        throw new GraphError('ONNX_GRAPH', `onnx: node ${op} of graph '${this.name}' reads unknown value '${input}'`);
      }
      node.string(1, input);
    }
    const wanted = typeof outputs === 'number' ? Array.from({ length: outputs }, () => true) : outputs;
    const names = wanted.map((want, i) => {
      if (!want) return '';
      const name = i === 0 && options.name !== undefined ? options.name : this.fresh(op.toLowerCase());
      this.claim(name);
      return name;
    });
    for (const name of names) node.string(2, name);
    node.string(3, options.name ?? `${op}_${this.nodes.length}`).string(4, op);
    for (const [name, value] of Object.entries(attributes)) node.message(5, this.attributeProto(name, value));
    if (options.domain !== undefined && options.domain !== '') {
      node.string(7, options.domain);
      this.useDomain(options.domain);
    }
    this.nodes.push(node);
    return names;
  }

  private useDomain(domain: string): void {
    this.domains.add(domain);
    this.outer?.useDomain(domain);
  }

  private attributeProto(name: string, value: Attribute): ProtoWriter {
    const proto = new ProtoWriter().string(1, name);
    if (typeof value === 'number') {
      if (!Number.isInteger(value)) {
        throw new GraphError(
          'ONNX_GRAPH',
          `onnx: attribute '${name}' is ${value}; write { float: ${value} } for a float`,
        );
      }
      return proto.int(3, value).int(20, attributeTypes.int);
    }
    if (typeof value === 'string') return proto.string(4, value).int(20, attributeTypes.string);
    if (Array.isArray(value)) {
      for (const member of value as readonly number[]) proto.int(8, member);
      return proto.int(20, attributeTypes.ints);
    }
    if ('float' in value) return proto.float(2, value.float).int(20, attributeTypes.float);
    if ('floats' in value) {
      for (const member of value.floats) proto.float(7, member);
      return proto.int(20, attributeTypes.floats);
    }
    if ('strings' in value) {
      for (const member of value.strings) proto.string(9, member);
      return proto.int(20, attributeTypes.strings);
    }
    if ('tensor' in value) return proto.message(5, tensorProto(value.tensor, '')).int(20, attributeTypes.tensor);
    if ('graph' in value) {
      this.bodyNodes += value.graph.nodeCount;
      return proto.message(6, value.graph.toProto()).int(20, attributeTypes.graph);
    }
    throw new GraphError('ONNX_GRAPH', `onnx: attribute '${name}' has no known kind`);
  }

  private has(name: string): boolean {
    return this.names.has(name) || (this.outer?.has(name) ?? false);
  }

  private claim(name: string): void {
    if (this.has(name)) {
      throw new GraphError('ONNX_GRAPH', `onnx: value '${name}' of graph '${this.name}' is defined twice`);
    }
    this.names.add(name);
  }
}

function tensorProto(tensor: Tensor, name: string): ProtoWriter {
  const count = tensor.shape.reduce((product, d) => product * d, 1);
  if (count !== tensor.data.length) {
    throw new GraphError(
      'ONNX_GRAPH',
      `onnx: tensor '${name}' has ${tensor.data.length} elements, its shape [${tensor.shape.join(',')}] wants ${count}`,
    );
  }
  const proto = new ProtoWriter();
  for (const dimension of tensor.shape) proto.int(1, dimension);
  proto.int(2, dataTypes[tensor.dtype]).string(8, name);
  return proto.bytes(9, new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
}

function valueInfo(name: string, dtype: DType, shape: readonly Dimension[]): ProtoWriter {
  const dimensions = new ProtoWriter();
  for (const dimension of shape) {
    const proto = new ProtoWriter();
    dimensions.message(1, typeof dimension === 'number' ? proto.int(1, dimension) : proto.string(2, dimension));
  }
  const tensorType = new ProtoWriter().int(1, dataTypes[dtype]).message(2, dimensions);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensorType));
}
