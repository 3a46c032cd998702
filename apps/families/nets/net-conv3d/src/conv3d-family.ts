import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';
import { block, head, variants, type Variant, type VariantName } from './variants.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Mirrored clips and slightly other colours are as good as more clips; one unit is one of 256 levels. */
const augment = { flip: true, channelShift: 3 };

/**
 * A 3D net over small colour clips (`micro` features).
 * @param name variant of the competition profile. One whose `clip` is not 30x64x64 needs `micro` features of that size:
 *   change their competition settings (apps/micro-clip) with it.
 */
export function conv3dFamily(name: VariantName): NetFamily {
  const variant: Variant = variants[name];
  return {
    kind: 'net',
    name: 'net-conv3d',
    version,
    summary: '3D convolutions over small colour clips',
    profiles: ['competition'],
    settings: {
      // Of 30 frames of 32x32.
      laptop: {
        feature: 'micro',
        crop: [24, 28, 28],
        crops: [3, 3, 3],
        train: {
          optimizer: { kind: 'adam', learningRate: 2e-3 },
          augment,
          batch: 16,
          stepsPerEpoch: 8,
          maxEpochs: 30,
          patience: 8,
        },
      },
      competition: {
        feature: 'micro',
        crop: variant.crop,
        crops: [3, 3, 3],
        train: {
          optimizer: { kind: 'adam', learningRate: 1e-4 },
          then: { optimizer: { kind: 'sgd', learningRate: 1e-4 }, maxEpochs: 2000, patience: 50 },
          augment,
          batch: 32,
          ...(variant.microBatch === undefined ? {} : { microBatch: variant.microBatch }),
          stepsPerEpoch: 200,
          maxEpochs: 2000,
          patience: 50,
        },
      },
    },
    build: ({ input, classes, profile }) => ({
      name: profile === 'laptop' ? 'net-conv3d' : name,
      input: [...input],
      layers: [
        { type: 'Rescaling', scale: 1 / 256, offset: -0.5 },
        ...(profile === 'laptop' ? [...block(1, 8), ...block(1, 16), ...block(1, 16), ...head(32)] : variant.layers),
        { type: 'Dense', units: classes, activation: 'sigmoid' },
      ],
    }),
  };
}
