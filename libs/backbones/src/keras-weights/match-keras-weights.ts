import { KerasWeightsError } from './keras-weights-error.ts';
import type { KerasWeight, KerasWeights } from './read-keras-weights.ts';

/** A layer that a net wants from a file, with its arrays in Keras's order. */
export interface ExpectedLayer {
  readonly name: string;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * Finds a net's layers in a file and checks every shape. Layers are found by name, numbered ones (`conv2d_7`)
 * by rank; a file that shares few names (Keras Applications has renamed layers between versions) is taken by
 * order, as Keras itself does.
 * Within a layer the order counts, not the name: older files call the same arrays `W_1`, `running_std` and so on.
 * @param net what to call the net in messages
 * @returns the arrays by expected layer name
 * @throws KerasWeightsError `KERAS_OTHER_NET`, naming the first layer or weight that is missing, left over or of another shape
 */
export function matchKerasWeights(
  weights: KerasWeights,
  net: string,
  expected: readonly ExpectedLayer[],
): ReadonlyMap<string, readonly KerasWeight[]> {
  const shared = (file: KerasWeights) => expected.filter((layer) => file.layers.has(layer.name)).length;
  const numbered = renumbered(weights);
  const named = shared(numbered) > shared(weights) ? numbered : weights;
  const found =
    shared(named) < expected.length / 2 ? pairByOrder(weights, net, expected) : pairByName(named, net, expected);
  for (const layer of expected) checkLayer(weights.file, net, layer, found.get(layer.name) as readonly KerasWeight[]);
  return found;
}

/**
 * Keras numbers layers without a name through a whole session (`conv2d`, `conv2d_1`, or `conv2d_95` and on for a
 * second net) and lists them by depth, not by number: here they count from 1 in the order of their making.
 */
function renumbered(weights: KerasWeights): KerasWeights {
  const numberOf = (name: string) => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
  const counts = new Map<string, number>();
  const layers = new Map<string, readonly KerasWeight[]>();
  for (const [name, arrays] of [...weights.layers].sort(([a], [b]) => numberOf(a) - numberOf(b))) {
    const kind = name.replace(/_\d+$/, '');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    layers.set(`${kind}_${counts.get(kind)}`, arrays);
  }
  return { ...weights, layers };
}

function pairByName(
  weights: KerasWeights,
  net: string,
  expected: readonly ExpectedLayer[],
): Map<string, readonly KerasWeight[]> {
  const found = new Map<string, readonly KerasWeight[]>();
  for (const layer of expected) {
    const arrays = weights.layers.get(layer.name);
    if (arrays === undefined) throw other(weights.file, net, `layer '${layer.name}' is missing`);
    found.set(layer.name, arrays);
  }
  for (const name of weights.layers.keys()) {
    if (!found.has(name)) {
      throw other(weights.file, net, `it has a layer '${name}' that the net without its top has not`);
    }
  }
  return found;
}

function pairByOrder(
  weights: KerasWeights,
  net: string,
  expected: readonly ExpectedLayer[],
): Map<string, readonly KerasWeight[]> {
  const layers = [...weights.layers];
  if (layers.length !== expected.length) {
    const unknown = expected.find((layer) => !weights.layers.has(layer.name));
    throw other(
      weights.file,
      net,
      `it has ${layers.length} layers with weights instead of ${expected.length}, and layer '${unknown?.name}' is missing`,
    );
  }
  return new Map(expected.map((layer, i) => [layer.name, layers[i]?.[1] ?? []]));
}

function checkLayer(file: string, net: string, layer: ExpectedLayer, arrays: readonly KerasWeight[]): void {
  layer.weights.forEach((want, i) => {
    const got = arrays[i];
    if (got === undefined) throw other(file, net, `weight '${want.name}' of layer '${layer.name}' is missing`);
    if (got.tensor.shape.join() !== want.shape.join()) {
      throw other(
        file,
        net,
        `weight '${want.name}' of layer '${layer.name}' must be [${want.shape.join(', ')}], got [${got.tensor.shape.join(', ')}] ('${got.name}')`,
      );
    }
  });
  const surplus = arrays[layer.weights.length];
  if (surplus !== undefined) throw other(file, net, `layer '${layer.name}' has a weight '${surplus.name}' too many`);
}

function other(file: string, net: string, reason: string): KerasWeightsError {
  return new KerasWeightsError('KERAS_OTHER_NET', `keras-weights: ${file} is not a weights file of ${net}: ${reason}`, {
    fields: { file, net },
    hint: `give the file of ${net} without its top ('notop' or 'no_top' in its name)`,
  });
}
