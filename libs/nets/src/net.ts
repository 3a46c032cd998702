import type { Tensor } from '@primatrix/contracts';
import { Rng } from '@primatrix/rng';
import { z } from 'zod';
import { initialize } from './initializers.ts';
import { netSpecSchema, type NetSpec, type PlainLayerSpec } from './layer-spec.ts';
import { product, type LayerWeight } from './layers/layer.ts';
import { layerOf } from './layers/registry.ts';
import { SpecError } from './spec-error.ts';

/** Weights by their full names, `gru_1/kernel`, in Keras' layouts. */
export type NetWeights = Readonly<Record<string, Tensor<'float32'>>>;

/** One layer of a checked net. */
export interface NetLayer {
  readonly name: string;
  readonly spec: PlainLayerSpec;
  /** Time steps to which it is applied alike (TimeDistributed), each an item of its own; null for layers of whole samples. */
  readonly repeat: number | null;
  /** Of one item, without the batch. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly weights: readonly LayerWeight[];
}

/** A net whose settings are complete and whose layers fit each other. */
export interface Net {
  readonly name: string;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly layers: readonly NetLayer[];
}

/**
 * Checks a spec and fills in names, defaults and shapes. Layers without a name get Keras': `gru_1`, `dense_2`.
 * @throws SpecError where the spec is not one or its layers do not fit
 */
export function resolveNet(spec: NetSpec): Net {
  const parsed = netSpecSchema.safeParse(spec);
  if (!parsed.success) {
    throw new SpecError(
      `nets: '${String((spec as { name?: unknown } | null)?.name)}' is no net spec: ${z.prettifyError(parsed.error)}`,
      { cause: parsed.error },
    );
  }
  const { name, input, layers } = parsed.data;
  const counts = new Map<string, number>();
  const names = new Set<string>();
  let shape: readonly number[] = input;
  const resolved = layers.map((layer): NetLayer => {
    const stem = kerasStem(layer.type);
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    const layerName = layer.name ?? `${stem}_${counts.get(stem)}`;
    if (names.has(layerName)) throw new SpecError(`nets: net '${name}' has two layers named '${layerName}'`);
    names.add(layerName);
    const before = shape;
    try {
      const repeated = layer.type === 'TimeDistributed';
      if (repeated && before.length < 2) throw new RangeError('needs an input of at least 2 dimensions');
      const inner = repeated ? layer.layer : layer;
      const item = repeated ? before.slice(1) : before;
      const output = layerOf(inner).shape(inner, item);
      shape = repeated ? [before[0] as number, ...output] : output;
      return {
        name: layerName,
        // Engines need to know nothing of -1.
        spec: inner.type === 'Reshape' ? { ...inner, targetShape: [...output] } : inner,
        repeat: repeated ? (before[0] as number) : null,
        input: item,
        output,
        weights: layerOf(inner).weights(inner, item),
      };
    } catch (cause) {
      throw new SpecError(
        `nets: layer '${layerName}' of net '${name}' ${(cause as Error).message}, got [${before.join(', ')}]`,
        { cause },
      );
    }
  });
  return { name, input, output: shape, layers: resolved };
}

/**
 * A spec that says its shapes: what a `-1` in the `targetShape` of a Reshape comes to stands in its place.
 * @throws SpecError as {@link resolveNet}
 */
export function withShapes(spec: NetSpec): NetSpec {
  const { layers } = resolveNet(spec);
  return {
    ...spec,
    layers: spec.layers.map((layer, i) =>
      layer.type === 'Reshape' ? { ...layer, targetShape: [...(layers[i]?.output ?? [])] } : layer,
    ),
  };
}

/** Keras' snake case: Conv2D conv2d, MaxPooling2D max_pooling2d. */
function kerasStem(type: string): string {
  return type
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Shape of a net's output without the batch: [classes], or [time, classes] where each step is judged. */
export function outputShape(spec: NetSpec): readonly number[] {
  return resolveNet(spec).output;
}

/** Number of weights, statistics of batch normalisation included (as Keras' `count_params`). */
export function parameterCount(spec: NetSpec): number {
  return netWeights(resolveNet(spec)).reduce((sum, weight) => sum + product(weight.shape), 0);
}

/** A weight under its full name. */
export interface NamedWeight extends LayerWeight {
  readonly fullName: string;
}

/** All weights of a net, in layer order. */
export function netWeights(net: Net): NamedWeight[] {
  return net.layers.flatMap((layer) =>
    layer.weights.map((weight) => ({ ...weight, fullName: `${layer.name}/${weight.name}` })),
  );
}

/** Starting weights by Keras' defaults; the same seed gives the same weights, each weight its own stream. */
export function initialWeights(spec: NetSpec, seed: number): NetWeights {
  return Object.fromEntries(
    netWeights(resolveNet(spec)).map(({ fullName, shape, init }) => [
      fullName,
      { dtype: 'float32' as const, shape, data: initialize(init, shape, Rng.of(seed, 'weights', fullName)) },
    ]),
  );
}

/**
 * Checks that the weights are the net's: each there once under its full name, in the shape that the layers give it,
 * and none besides.
 * @throws SpecError where weights are missing, too many, or of another shape than the net's
 */
export function checkWeights(net: Net, weights: NetWeights): void {
  const expected = netWeights(net);
  for (const { fullName, shape } of expected) {
    const got = weights[fullName];
    if (got === undefined) throw new SpecError(`nets: net '${net.name}' needs weight '${fullName}', which is missing`);
    if (got.shape.join() !== shape.join()) {
      throw new SpecError(
        `nets: weight '${fullName}' of net '${net.name}' must be [${shape.join(', ')}], got [${got.shape.join(', ')}]`,
      );
    }
  }
  const names = new Set(expected.map((weight) => weight.fullName));
  const surplus = Object.keys(weights).find((name) => !names.has(name));
  if (surplus !== undefined) throw new SpecError(`nets: net '${net.name}' has no weight '${surplus}'`);
}
