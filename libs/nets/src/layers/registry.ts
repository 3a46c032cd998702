import type { LayerOf, LayerType, ResolvedLayerSpec } from '../layer-spec.ts';
import { activation } from './activation.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { gru } from './gru.ts';
import type { Layer } from './layer.ts';
import { flatten, reshape } from './reshape.ts';
import { rescaling } from './rescaling.ts';

type Registry = { readonly [T in LayerType]: Layer<LayerOf<T>> };

const layers = {
  Activation: activation,
  Dense: dense,
  Dropout: dropout,
  Flatten: flatten,
  GRU: gru,
  Rescaling: rescaling,
  Reshape: reshape,
} as unknown as Registry;

/** The implementation of a layer's class. */
export function layerOf(spec: ResolvedLayerSpec): Layer<ResolvedLayerSpec> {
  // Each implementation reads its own settings only, and the schema has checked that these are they.
  return layers[spec.type] as Layer<ResolvedLayerSpec>;
}
