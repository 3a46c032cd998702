import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const units = { laptop: 48, competition: 1024 } as const;

/** A GRU over MobileNetV2 features: not in the original, made for laptops. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-mobilenet-gru',
  version,
  summary: 'GRU over MobileNetV2 frame features',
  profiles: ['laptop'],
  settings: {
    // Of at most 20 frames.
    laptop: {
      feature: 'mobilenet-v2',
      crop: [16],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 1e-3 },
        batch: 16,
        stepsPerEpoch: 10,
        maxEpochs: 60,
        patience: 15,
      },
    },
    competition: {
      feature: 'mobilenet-v2',
      crop: [56],
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
    name: 'net-mobilenet-gru',
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
