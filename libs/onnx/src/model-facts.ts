import { closeSync, fstatSync, openSync } from 'node:fs';
import { ProtoReader } from './proto-reader.ts';

/** A value that goes into a graph or comes out of it. */
export interface ModelValue {
  readonly name: string;
  /** Null where the size is a name (a batch), or not said. */
  readonly shape: readonly (number | null)[];
}

/** What an ONNX file says of itself before anything of it is run. */
export interface ModelFacts {
  /** Inputs that have no value of their own in the file. */
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Files that hold tensors of the model, as it names them: relative to its own folder. */
  readonly externalFiles: readonly string[];
}

/** Fields of onnx.proto by the message that has them; what is not named here is passed over. */
const fields = {
  model: { graph: 7, training: 20, functions: 25 },
  training: { initialization: 1, algorithm: 2 },
  function: { node: 7 },
  graph: { node: 1, initializer: 5, input: 11, output: 12, sparse: 15 },
  node: { attribute: 5 },
  attribute: { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 },
  sparse: { values: 1, indices: 2 },
  tensor: { name: 8, external: 13 },
  entry: { key: 1, value: 2 },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { shape: 2 },
  shape: { dimension: 1 },
  dimension: { size: 1 },
} as const;

/** Graphs within graphs (branches, loops); a file that goes deeper is made to exhaust us. */
const deepest = 64;

/**
 * Reads inputs, outputs and external files of an ONNX model. Weights are not read, and nothing is opened but the file.
 * @throws SessionError `ONNX_MODEL` where the file is no ONNX model; the system's error where it cannot be read
 */
export function readModelFacts(path: string): ModelFacts {
  const file = openSync(path, 'r');
  try {
    const reader = new ProtoReader(file, fstatSync(file).size, path);
    const facts = new FactFinder(reader);
    facts.model(0, reader.size);
    return { inputs: facts.free(), outputs: facts.outputs, externalFiles: [...facts.externalFiles] };
  } finally {
    closeSync(file);
  }
}

class FactFinder {
  readonly outputs: ModelValue[] = [];
  readonly externalFiles = new Set<string>();
  private readonly inputs: ModelValue[] = [];
  private readonly initialized = new Set<string>();
  private readonly reader: ProtoReader;
  private graphs = 0;

  constructor(reader: ProtoReader) {
    this.reader = reader;
  }

  free(): ModelValue[] {
    return this.inputs.filter(({ name }) => !this.initialized.has(name));
  }

  model(start: number, end: number): void {
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (field === fields.model.graph) {
        this.graphs += 1;
        this.graph(from, to, 0);
      } else if (field === fields.model.training) {
        for (const inner of this.reader.messages(from, to)) {
          if (inner.field === fields.training.initialization || inner.field === fields.training.algorithm) {
            this.graph(inner.from, inner.to, 1);
          }
        }
      } else if (field === fields.model.functions) {
        for (const inner of this.reader.messages(from, to)) {
          if (inner.field === fields.function.node) this.node(inner.from, inner.to, 1);
        }
      }
    }
    // More than one are parts of one: readers of protocol buffers put them together, as is done here.
    if (this.graphs === 0) throw this.reader.wrong('it has no graph');
  }

  private graph(start: number, end: number, depth: number): void {
    if (depth > deepest) throw this.reader.wrong(`graphs lie within each other more than ${deepest} deep`);
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (field === fields.graph.node) this.node(from, to, depth);
      else if (field === fields.graph.initializer) this.tensor(from, to, depth === 0);
      else if (field === fields.graph.sparse) this.sparse(from, to);
      else if (depth === 0 && field === fields.graph.input) this.inputs.push(this.value(from, to));
      else if (depth === 0 && field === fields.graph.output) this.outputs.push(this.value(from, to));
    }
  }

  private node(start: number, end: number, depth: number): void {
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (field === fields.node.attribute) this.attribute(from, to, depth);
    }
  }

  private attribute(start: number, end: number, depth: number): void {
    const { tensor, tensors, graph, graphs, sparse, sparses } = fields.attribute;
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (field === tensor || field === tensors) this.tensor(from, to, false);
      else if (field === graph || field === graphs) this.graph(from, to, depth + 1);
      else if (field === sparse || field === sparses) this.sparse(from, to);
    }
  }

  private sparse(start: number, end: number): void {
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (field === fields.sparse.values || field === fields.sparse.indices) this.tensor(from, to, false);
    }
  }

  private tensor(start: number, end: number, initializes: boolean): void {
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (initializes && field === fields.tensor.name) this.initialized.add(this.reader.text(from, to));
      if (field !== fields.tensor.external) continue;
      let [key, value] = ['', ''];
      for (const inner of this.reader.messages(from, to)) {
        if (inner.field === fields.entry.key) key = this.reader.text(inner.from, inner.to);
        if (inner.field === fields.entry.value) value = this.reader.text(inner.from, inner.to);
      }
      if (key === 'location') this.externalFiles.add(value);
    }
  }

  private value(start: number, end: number): ModelValue {
    let name = '';
    const shape: (number | null)[] = [];
    for (const { field, from, to } of this.reader.messages(start, end)) {
      if (field === fields.value.name) name = this.reader.text(from, to);
      if (field !== fields.value.type) continue;
      for (const tensor of this.reader.within(from, to, fields.type.tensor)) {
        for (const axes of this.reader.within(tensor.from, tensor.to, fields.tensorType.shape)) {
          for (const axis of this.reader.within(axes.from, axes.to, fields.shape.dimension)) {
            shape.push(this.reader.number(axis.from, axis.to, fields.dimension.size));
          }
        }
      }
    }
    return { name, shape };
  }
}
