import type { LayerSpec } from '@primatrix/nets';

type Cube = [number, number, number];
type FrameLayer = Extract<LayerSpec, { type: 'TimeDistributed' }>['layer'];

/** A 3D net of the original. */
export interface Variant {
  /** The clips that its crops are taken from: settings of the `micro` features. */
  readonly clip: { readonly frames: number; readonly size: number };
  /** [frames, height, width] of one crop. */
  readonly crop: Cube;
  /** From pixels in about ±0.5, [frames, height, width, 3], to the values that the outputs are made from. */
  readonly layers: readonly LayerSpec[];
  /** Pixels beside a clip's few hundred thousand need few clips at once. Default: all 32. */
  readonly microBatch?: number;
}

const micro = { frames: 30, size: 64 };
const nano = { frames: 30, size: 18 };

/** Every 3D net of the original, by its name; `vgg3d-24x56` is the one whose predictions it used. */
export const variants = {
  'vgg3d-24x56': {
    clip: micro,
    crop: [24, 56, 56],
    layers: [...block(2, 16), ...block(2, 32), ...block(2, 64), ...head(128, 128)],
  },
  'vgg3d-24x56-wide': {
    clip: micro,
    crop: [24, 56, 56],
    layers: [...block(2, 32), ...block(2, 64), ...block(2, 128), ...head(128, 128)],
    microBatch: 16,
  },
  'vgg3d-nano': {
    clip: nano,
    crop: [27, 16, 16],
    layers: [...block(2, 32, [3, 2, 2]), ...block(2, 64, [3, 2, 2]), ...block(3, 128, [3, 2, 2]), ...head(100, 100)],
  },
  'cnn-lstm-nano-v1': {
    clip: nano,
    crop: [28, 16, 16],
    layers: [...perFrame(32, 64), { type: 'LSTM', units: 112, returnSequences: true, dropout: 0.5 }, ...dense(112)],
  },
  'cnn-lstm-nano-v2': {
    clip: nano,
    crop: [28, 16, 16],
    layers: [...perFrame(32, 64, 128, 256), { type: 'LSTM', units: 112, dropout: 0.5 }, ...dense(112)],
  },
  'convlstm-nano': {
    clip: nano,
    crop: [28, 16, 16],
    layers: [...[32, 64, 128, 256].flatMap(convLstm), { type: 'Flatten' }, ...dense(128, 'linear'), ...dense(128)],
  },
  'vgg3d-54x112': {
    clip: { frames: 60, size: 126 },
    crop: [54, 112, 112],
    microBatch: 4,
    layers: [
      ...block(1, 16, [3, 2, 2]),
      ...block(2, 32),
      ...block(2, 64, [3, 2, 2]),
      ...block(3, 128, [3, 2, 2]),
      ...head(128, 128),
    ],
  },
  'vgg3d-54x224': {
    clip: { frames: 60, size: 250 },
    crop: [54, 224, 224],
    microBatch: 2,
    layers: [
      ...block(1, 4, [3, 2, 2]),
      ...block(2, 32, [3, 2, 2]),
      ...block(2, 64),
      ...block(2, 128, [3, 2, 2]),
      ...block(3, 256, [1, 2, 2]),
      ...head(128, 128),
    ],
  },
  'vgg3d-56x224': {
    clip: { frames: 60, size: 250 },
    crop: [56, 224, 224],
    microBatch: 2,
    layers: [
      ...block(1, 4, [3, 2, 2]),
      ...block(1, 16),
      ...block(2, 32),
      ...block(2, 64, [1, 2, 2]),
      ...block(3, 128, [1, 2, 2]),
      ...head(128, 128),
    ],
  },
} as const satisfies Readonly<Record<string, Variant>>;

/** What a variant is called. */
export type VariantName = keyof typeof variants;

/** Convolutions of 3x3x3 and a max-pool. */
export function block(convolutions: number, filters: number, pool: Cube = [2, 2, 2]): LayerSpec[] {
  const conv = (): LayerSpec => ({
    type: 'Conv3D',
    filters,
    kernelSize: [3, 3, 3],
    padding: 'same',
    activation: 'relu',
  });
  return [...Array.from({ length: convolutions }, conv), { type: 'MaxPooling3D', poolSize: pool }];
}

/** What all variants but the recurrent ones end in, before the outputs. */
export function head(...units: readonly number[]): LayerSpec[] {
  return [{ type: 'Flatten' }, ...units.flatMap((count) => dense(count))];
}

function dense(units: number, activation: 'relu' | 'linear' = 'relu'): LayerSpec[] {
  return [
    { type: 'Dense', units, activation },
    { type: 'Dropout', rate: 0.5 },
  ];
}

/** Two convolutions of 3x3 and a max-pool for each of `filters`, on every frame alike, then one row a frame. */
function perFrame(...filters: readonly number[]): LayerSpec[] {
  const layers = filters.flatMap((count): FrameLayer[] => {
    const conv: FrameLayer = {
      type: 'Conv2D',
      filters: count,
      kernelSize: [3, 3],
      padding: 'same',
      activation: 'relu',
    };
    return [conv, conv, { type: 'MaxPooling2D', poolSize: [2, 2] }];
  });
  return [...layers, { type: 'Flatten' } as const].map((layer) => ({ type: 'TimeDistributed', layer }));
}

function convLstm(filters: number): LayerSpec[] {
  const layer: LayerSpec = { type: 'ConvLSTM2D', filters, kernelSize: [3, 3], padding: 'same', returnSequences: true };
  return [layer, layer, { type: 'MaxPooling3D', poolSize: [1, 2, 2] }];
}
