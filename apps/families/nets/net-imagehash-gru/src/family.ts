import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const units = { laptop: 24, competition: 128 } as const;

/** A GRU over image hash bits, 330 of 360 frames: it sees motion and nothing else. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-imagehash-gru',
  version,
  summary: 'GRU over image hash bits',
  profiles: ['laptop', 'competition'],
  settings: {
    // The sample clips have 130 frames and more.
    laptop: {
      feature: 'image-hash',
      crop: [120],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 3e-3 },
        batch: 16,
        stepsPerEpoch: 8,
        maxEpochs: 30,
        patience: 8,
      },
    },
    competition: {
      feature: 'image-hash',
      crop: [330],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 1e-4 },
        batch: 48,
        stepsPerEpoch: 200,
        maxEpochs: 2000,
        patience: 50,
      },
    },
  },
  build: ({ input, classes, profile }) => ({
    name: 'net-imagehash-gru',
    input: [...input],
    layers: [
      // Most bits are the background's and never change: those that do must count.
      ...(profile === 'laptop' ? [{ type: 'BatchNormalization', momentum: 0.9 } as const] : []),
      { type: 'GRU', units: units[profile], recurrentDropout: 0.5 },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};
