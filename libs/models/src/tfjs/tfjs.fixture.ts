import { sha256Bytes } from '@primatrix/files';
import type { TfjsModel } from './tfjs-model.ts';

/** A graph model as its JSON has it, before anything is read. */
export interface TfjsJson {
  readonly format: 'graph-model';
  readonly modelTopology: { readonly node: TfjsNodeJson[]; readonly versions: object };
  readonly weightsManifest: { paths: string[]; weights: TfjsModel['weightsManifest'][number]['weights'] }[];
}

interface TfjsNodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, object>>;
}

const text = (word: string) => Buffer.from(word).toString('base64');
const ints = (numbers: readonly number[]) => ({ list: { i: numbers.map(String) } });

/** Writes graph models operation by operation, for tests. */
export class TfjsWriter {
  private readonly node: TfjsNodeJson[] = [];
  private readonly weights: TfjsModel['weightsManifest'][number]['weights'] = [];
  private readonly bytes: Uint8Array[] = [];

  placeholder(name: string, shape: readonly number[]): string {
    const dim = shape.map((size) => ({ size: String(size) }));
    return this.add({ name, op: 'Placeholder', attr: { shape: { shape: { dim } }, dtype: { type: 'DT_FLOAT' } } });
  }

  floats(name: string, shape: readonly number[], values: readonly number[]): string {
    this.weights.push({ name, shape: [...shape], dtype: 'float32' });
    this.bytes.push(new Uint8Array(Float32Array.from(values).buffer));
    return this.add({ name, op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } });
  }

  ints(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    this.weights.push({ name, shape: [...shape], dtype: 'int32' });
    this.bytes.push(new Uint8Array(Int32Array.from(values).buffer));
    return this.add({ name, op: 'Const', attr: { dtype: { type: 'DT_INT32' } } });
  }

  op(op: string, name: string, input: readonly string[], attr: Readonly<Record<string, object>> = {}): string {
    return this.add({ name, op, input, attr });
  }

  /** Attributes of a convolution or a pool. */
  placed(padding: 'SAME' | 'VALID', stride: number, more: Readonly<Record<string, object>> = {}) {
    return {
      padding: { s: text(padding) },
      strides: ints([1, stride, stride, 1]),
      dilations: ints([1, 1, 1, 1]),
      data_format: { s: text('NHWC') },
      ...more,
    };
  }

  fused(...ops: readonly string[]) {
    return { fused_ops: { list: { s: ops.map(text) } }, num_args: { i: '1' } };
  }

  ksize(side: number) {
    return { ksize: ints([1, side, side, 1]) };
  }

  json(): TfjsJson {
    return {
      format: 'graph-model',
      modelTopology: { node: this.node, versions: {} },
      weightsManifest: [{ paths: ['weights.bin'], weights: this.weights }],
    };
  }

  weightBytes(): Uint8Array {
    return Buffer.concat(this.bytes);
  }

  private add(node: TfjsNodeJson): string {
    this.node.push(node);
    return node.name;
  }
}

/** Mean of each channel plus its number: three classes of pictures of 8 x 8. */
export function meansModel(): { readonly json: string; readonly weights: Uint8Array } {
  const writer = new TfjsWriter();
  writer.placeholder('x', [1, 8, 8, 3]);
  const mean = writer.op('Mean', 'mean', ['x', writer.ints('axes', [1, 2])], { keep_dims: { b: false } });
  writer.op('AddV2', 'classes', [mean, writer.floats('numbers', [3], [0, 1, 2])]);
  return { json: JSON.stringify(writer.json()), weights: writer.weightBytes() };
}

/** The tfjs.json of {@link meansModel}, its files below `at`. */
export function meansDeclaration(at = '') {
  const { json, weights } = meansModel();
  const input = {
    ...{ name: 'x', size: [8, 8], layout: 'nhwc', channels: 'rgb', values: '0..255', fit: { kind: 'stretch' } },
    ...{ interpolation: 'bilinear', batch: 1 },
  };
  return {
    schema: 1,
    card: {
      ...{ schema: 1, name: 'means', version: '1.0.0', kind: 'image-classifier', summary: 'means of the channels' },
      ...{ licence: 'unknown', commercialUse: null, source: 'made by the test', input, labels: 'labels.csv' },
      output: { name: 'classes', activation: 'none' },
    },
    model: { file: `${at}means.json`, sha256: sha256Bytes(Buffer.from(json)) },
    weights: [{ file: `${at}weights.bin`, sha256: sha256Bytes(weights) }],
    outputs: [{ name: 'classes', shape: [1, 3] }],
  };
}
