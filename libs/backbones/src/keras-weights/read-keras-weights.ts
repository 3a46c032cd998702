import { resolve } from 'node:path';
import type { Tensor } from '@primatrix/contracts';
import { Dataset, File, Group, ready } from 'h5wasm/node';
import { KerasWeightsError } from './keras-weights-error.ts';
import { checkHdf5File } from './hdf5-signature.ts';

/** One array of a layer, as the file names it. */
export interface KerasWeight {
  /** Full name inside the file, for example `block1_conv1/kernel:0`. */
  readonly name: string;
  /** In Keras's own axis order: kernels are [height, width, in, out]. */
  readonly tensor: Tensor<'float32'>;
}

/** What a Keras HDF5 weights file holds. */
export interface KerasWeights {
  /** The path it was read from: for messages. */
  readonly file: string;
  /** Layers that have weights, in the file's own order (`layer_names`), each with its arrays (`weight_names`). */
  readonly layers: ReadonlyMap<string, readonly KerasWeight[]>;
}

/** Far above any net read here; keeps a damaged header from asking for all memory. */
const maxElements = 500_000_000;

/**
 * Reads a Keras HDF5 weights file: `layer_names` at the root, or in the group `model_weights` of a whole saved
 * model. Arrays are read one by one from disk; nothing is written.
 * @throws KerasWeightsError where the file is missing, not HDF5, truncated, damaged or of another layout
 */
export async function readKerasWeights(path: string): Promise<KerasWeights> {
  const absolute = resolve(path);
  await checkHdf5File(absolute);
  const hdf5 = await ready;
  // Otherwise the library prints its error stack on stderr and goes on with half-open objects.
  hdf5.activate_throwing_error_handler();
  let file: File | undefined;
  try {
    file = new File(absolute, 'r');
    return { file: path, layers: readLayers(path, weightsRoot(path, file)) };
  } catch (cause) {
    if (cause instanceof KerasWeightsError) throw cause;
    throw new KerasWeightsError('KERAS_DAMAGED', `keras-weights: ${path} is damaged: ${firstReason(cause)}`, {
      cause,
      fields: { file: path },
      hint: 'download the file again and compare its digest',
    });
  } finally {
    closeQuietly(file);
    hdf5.deactivate_throwing_error_handler();
  }
}

function weightsRoot(path: string, file: File): Group {
  if (hasNames(file, 'layer_names')) return file;
  const inner = file.get('model_weights');
  if (inner instanceof Group && hasNames(inner, 'layer_names')) return inner;
  const keras3 = file.get('layers') instanceof Group;
  throw new KerasWeightsError(
    'KERAS_LAYOUT',
    `keras-weights: ${path} is HDF5 but has no 'layer_names' attribute, neither at its root nor in 'model_weights'` +
      (keras3 ? "; it has Keras 3's '.weights.h5' layout" : ''),
    { fields: { file: path }, hint: 'give a file in the Keras 2 layout, as Keras Applications publishes them' },
  );
}

function readLayers(path: string, root: Group): Map<string, KerasWeight[]> {
  const layers = new Map<string, KerasWeight[]>();
  let elements = 0;
  for (const layer of names(root, 'layer_names')) {
    const group = root.get(layer);
    if (!(group instanceof Group)) throw layout(path, `lists layer '${layer}' but has no group of that name`);
    const weights: KerasWeight[] = [];
    for (const name of hasNames(group, 'weight_names') ? names(group, 'weight_names') : []) {
      const dataset = group.get(name);
      if (!(dataset instanceof Dataset)) {
        throw layout(path, `lists weight '${name}' of layer '${layer}' but does not hold it`);
      }
      elements += (dataset.shape ?? []).reduce((product, d) => product * d, 1);
      if (elements > maxElements) {
        throw layout(path, `claims more than ${maxElements} numbers by weight '${name}' of layer '${layer}'`);
      }
      weights.push({ name, tensor: readTensor(path, `weight '${name}' of layer '${layer}'`, dataset) });
    }
    if (layers.has(layer)) throw layout(path, `lists layer '${layer}' twice`);
    if (weights.length > 0) layers.set(layer, weights);
  }
  return layers;
}

function readTensor(path: string, what: string, dataset: Dataset): Tensor<'float32'> {
  const shape = dataset.shape ?? [];
  const value = dataset.value;
  if (!(value instanceof Float32Array || value instanceof Float64Array)) {
    throw layout(path, `has ${what} as ${JSON.stringify(dataset.dtype)}, not as floating-point numbers`);
  }
  const data = value instanceof Float32Array ? value : Float32Array.from(value);
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new KerasWeightsError('KERAS_VALUES', `keras-weights: ${path}: ${what} holds ${data[bad]} at index ${bad}`, {
      fields: { file: path, index: bad },
    });
  }
  return { dtype: 'float32', shape: [...shape], data };
}

function hasNames(group: Group, attribute: string): boolean {
  return attribute in group.attrs || `${attribute}0` in group.attrs;
}

/** A list of names; Keras splits lists over 64 KiB into `name0`, `name1`, … */
function names(group: Group, attribute: string): string[] {
  const attributes = group.attrs;
  const list = (name: string) => {
    // A layer without weights has an empty list, which some writers store as floats.
    const found = attributes[name];
    if (found === undefined || found.shape?.[0] === 0) return [];
    return [found.value].flat().map(String);
  };
  if (attribute in attributes) return list(attribute);
  const all: string[] = [];
  for (let part = 0; `${attribute}${part}` in attributes; part++) all.push(...list(`${attribute}${part}`));
  return all;
}

function layout(path: string, rule: string): KerasWeightsError {
  return new KerasWeightsError('KERAS_LAYOUT', `keras-weights: ${path} ${rule}`, { fields: { file: path } });
}

/** HDF5's stack of reasons ends with the innermost, which says most. */
function firstReason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const steps = [...text.matchAll(/\(\): (.+)/g)].map((match) => match[1]);
  return steps.at(-1) ?? text.split('\n')[0] ?? text;
}

function closeQuietly(file: File | undefined): void {
  try {
    file?.close();
  } catch {
    // The file was only read: a failure to close loses nothing, and the first error says more.
  }
}
