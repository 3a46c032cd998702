import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const units = { laptop: 48, competition: 1024 } as const;

/** The original's best single net: a GRU over VGG16 features, 112 of 120 frames. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-vgg16-gru',
  version,
  summary: 'GRU over VGG16 frame features',
  profiles: ['laptop', 'competition'],
  settings: {
    // Of at most 16 frames; a few dozen clips need few units and a faster rate.
    laptop: {
      feature: 'vgg16',
      crop: [12],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 2e-3 },
        batch: 16,
        stepsPerEpoch: 10,
        maxEpochs: 60,
        patience: 15,
      },
    },
    competition: {
      feature: 'vgg16',
      crop: [112],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 1e-4 },
        batch: 48,
        stepsPerEpoch: 200,
        maxEpochs: 2000,
        patience: 100,
      },
    },
  },
  build: ({ input, classes, profile }) => ({
    name: 'net-vgg16-gru',
    input: [...input],
    layers: [
      // Laptops often have untrained backbones, whose features differ little: their differences must count.
      ...(profile === 'laptop' ? [{ type: 'BatchNormalization', momentum: 0.9 } as const] : []),
      { type: 'GRU', units: units[profile], recurrentDropout: 0.5 },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};
