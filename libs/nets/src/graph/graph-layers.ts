import type { LayerOf } from '../layer-spec.ts';
import type { Layer, Pass } from '../layers/layer.ts';
import type { Value } from './value.ts';
import { normalizeAndPool } from '../layers/normalize-and-pool.ts';
import { layerOf } from '../layers/registry.ts';
import type { Net, NetLayer } from '../net.ts';
import type { Emitter } from './emitter.ts';

/** A layer as it goes into the graph. */
export interface GraphLayer extends Pick<NetLayer, 'name' | 'repeat' | 'input' | 'weights'> {
  readonly channels: Layer<unknown>['channels'];
  forward(x: Value, e: Emitter): Pass;
}

type ConvSpec = LayerOf<'Conv1D' | 'Conv2D' | 'Conv3D'>;
type PoolSpec = LayerOf<'MaxPooling1D' | 'MaxPooling2D' | 'MaxPooling3D'>;

/**
 * A net's layers with those around max-pools in an order that costs less and gives the same.
 * - Relu goes behind the pool: the largest of max(x, 0) is the maximum of 0 and the largest x, and there are fewer
 *   values to rectify and to mask on the way back.
 * - In training, batch normalisation and the pool after it become one: see {@link normalizeAndPool}.
 */
export function graphLayers({ layers }: Net, training: boolean): GraphLayer[] {
  return layers.flatMap((layer, i): GraphLayer[] => {
    const [before, after] = [layers[i - 1], layers[i + 1]];
    const { spec } = layer;
    if (isMaxPool(spec)) {
      if (training && before?.spec.type === 'BatchNormalization') return [];
      const relu: NetLayer = {
        ...layer,
        name: `${layer.name}_relu`,
        spec: { type: 'Activation', activation: 'relu' },
        input: layer.output,
      };
      return before !== undefined && rectifies(before.spec) ? [bound(layer), bound(relu)] : [bound(layer)];
    }
    if (after === undefined || !isMaxPool(after.spec)) return [bound(layer)];
    if (rectifies(spec)) return [bound({ ...layer, spec: { ...spec, activation: 'linear' } })];
    if (!training || spec.type !== 'BatchNormalization') return [bound(layer)];
    const pool = after.spec;
    return [{ ...layer, channels: 'first', forward: (x, e) => normalizeAndPool(spec, pool, x, e) }];
  });
}

function bound(layer: NetLayer): GraphLayer {
  const kind = layerOf(layer.spec);
  return { ...layer, channels: kind.channels, forward: (x, e) => kind.forward(layer.spec, x, e) };
}

const isMaxPool = (spec: NetLayer['spec']): spec is PoolSpec =>
  spec.type === 'MaxPooling1D' || spec.type === 'MaxPooling2D' || spec.type === 'MaxPooling3D';

const rectifies = (spec: NetLayer['spec']): spec is ConvSpec =>
  (spec.type === 'Conv1D' || spec.type === 'Conv2D' || spec.type === 'Conv3D') && spec.activation === 'relu';
