import type { ExpectedLayer } from './keras-weights/match-keras-weights.ts';

/** Zeros added before a convolution or pool: [top, left, bottom, right], in pixels. */
export type Padding = readonly [number, number, number, number];

/** A window that slides over a picture, of a convolution or of pooling; sizes in pixels of its input. */
export interface Window {
  /** [height, width]. */
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly pad: Padding;
}

/** One layer. `name` is Keras's for layers that have weights; `input` is the name of the layer it reads. */
export type BackboneLayer =
  | (Window & {
      readonly op: 'conv';
      readonly name: string;
      readonly input: string;
      readonly filters: number;
      readonly bias: boolean;
    })
  | (Window & { readonly op: 'depthwise'; readonly name: string; readonly input: string })
  | (Window & { readonly op: 'maxPool' | 'averagePool'; readonly name: string; readonly input: string })
  | {
      readonly op: 'batchNorm';
      readonly name: string;
      readonly input: string;
      readonly epsilon: number;
      readonly scale: boolean;
    }
  | { readonly op: 'relu' | 'relu6'; readonly name: string; readonly input: string }
  | { readonly op: 'add' | 'concat'; readonly name: string; readonly inputs: readonly string[] };

/** A backbone as declared: everything that its graph and its weights file are derived from. */
export interface BackboneSpec {
  /** The word in settings, file names and commands, for example `vgg16`. */
  readonly name: string;
  /** For people, for example `VGG16`. */
  readonly title: string;
  /** `caffe`: BGR minus (103.939, 116.779, 123.68); `tf`: x / 127.5 - 1. */
  readonly preprocess: 'caffe' | 'tf';
  /** The smallest height and width that leave something to pool. */
  readonly minSize: number;
  /** Features a frame. */
  readonly width: number;
  /** In Keras's order; each reads layers before it. The first reads `input`; the last is pooled over the picture. */
  readonly layers: readonly BackboneLayer[];
  readonly official: OfficialWeights;
  /** The same net as an earlier Keras had it, under other layer names: its files are taken too. */
  readonly earlier?: BackboneSpec;
}

/** The file that Keras Applications publishes: where it lies and what it must be. */
export interface OfficialWeights {
  readonly fileName: string;
  readonly url: string;
  readonly bytes: number;
  /** As Keras states it; null where Keras states none. */
  readonly md5: string | null;
}

/** Channels after each layer, by layer name. */
function channelsOf(spec: BackboneSpec): ReadonlyMap<string, number> {
  const channels = new Map<string, number>([['input', 3]]);
  const of = (name: string) => channels.get(name) as number;
  for (const layer of spec.layers) {
    if (layer.op === 'conv') channels.set(layer.name, layer.filters);
    else if (layer.op === 'concat') {
      channels.set(
        layer.name,
        layer.inputs.reduce((sum, input) => sum + of(input), 0),
      );
    } else if ('inputs' in layer) channels.set(layer.name, of(layer.inputs[0] as string));
    else channels.set(layer.name, of(layer.input));
  }
  return channels;
}

/** The arrays that Keras keeps for each layer that has any, in Keras's order, names and shapes. */
export function kerasLayers(spec: BackboneSpec): ExpectedLayer[] {
  const channels = channelsOf(spec);
  return spec.layers.flatMap((layer): ExpectedLayer[] => {
    if (layer.op === 'conv') {
      const kernel = { name: 'kernel', shape: [...layer.kernel, channels.get(layer.input) as number, layer.filters] };
      return [
        { name: layer.name, weights: layer.bias ? [kernel, { name: 'bias', shape: [layer.filters] }] : [kernel] },
      ];
    }
    const shape = [channels.get(layer.name) as number];
    if (layer.op === 'depthwise') {
      return [{ name: layer.name, weights: [{ name: 'depthwise_kernel', shape: [...layer.kernel, ...shape, 1] }] }];
    }
    if (layer.op !== 'batchNorm') return [];
    const names = [...(layer.scale ? ['gamma'] : []), 'beta', 'moving_mean', 'moving_variance'];
    return [{ name: layer.name, weights: names.map((name) => ({ name, shape })) }];
  });
}

/** Number of parameters, and how many of them (batch-norm statistics) training does not touch: as Keras's `summary()` counts. */
export function countParameters(spec: BackboneSpec): { readonly total: number; readonly frozen: number } {
  let total = 0;
  let frozen = 0;
  for (const { weights } of kerasLayers(spec)) {
    for (const { name, shape } of weights) {
      const count = shape.reduce((product, d) => product * d, 1);
      total += count;
      if (name.startsWith('moving_')) frozen += count;
    }
  }
  return { total, frozen };
}

/** Multiply-adds of the convolutions for one picture of `size` x `size` pixels. */
export function countMultiplications(spec: BackboneSpec, size: number): number {
  const channels = channelsOf(spec);
  const sides = new Map<string, readonly [number, number]>([['input', [size, size]]]);
  let sum = 0;
  for (const layer of spec.layers) {
    const [h, w] = sides.get('inputs' in layer ? (layer.inputs[0] as string) : layer.input) as readonly [
      number,
      number,
    ];
    if (!('kernel' in layer)) {
      sides.set(layer.name, [h, w]);
      continue;
    }
    const { kernel, pad, stride } = layer;
    const out = [
      Math.floor((h + pad[0] + pad[2] - kernel[0]) / stride) + 1,
      Math.floor((w + pad[1] + pad[3] - kernel[1]) / stride) + 1,
    ] as const;
    sides.set(layer.name, out);
    const weights = kernel[0] * kernel[1] * out[0] * out[1];
    if (layer.op === 'conv') sum += weights * (channels.get(layer.input) as number) * layer.filters;
    else if (layer.op === 'depthwise') sum += weights * (channels.get(layer.name) as number);
  }
  return sum;
}
