import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const units = { laptop: 32, competition: 224 } as const;

/** Two LSTM layers over Inception v3 features, 56 of 60 frames. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-inception-lstm',
  version,
  summary: 'two LSTM layers over Inception v3 frame features',
  profiles: ['competition'],
  settings: {
    // Of at most 16 frames; a few dozen clips need few units and a faster rate.
    laptop: {
      feature: 'inception-v3',
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
      feature: 'inception-v3',
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
    name: 'net-inception-lstm',
    input: [...input],
    layers: [
      // Laptops often have untrained backbones, whose features differ little: their differences must count.
      ...(profile === 'laptop' ? [{ type: 'BatchNormalization', momentum: 0.9 } as const] : []),
      { type: 'LSTM', units: units[profile], returnSequences: true, recurrentDropout: 0.2 },
      { type: 'LSTM', units: units[profile], recurrentDropout: 0.2 },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};
