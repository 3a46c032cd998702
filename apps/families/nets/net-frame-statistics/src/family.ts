import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const units = { laptop: 48, competition: 256 } as const;

/**
 * Order-free: mean, deviation, least, largest and quartiles of each feature over the frames, into a dense net. Not in
 * the original; the competition's winner had second-level models on such statistics.
 */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-frame-statistics',
  version,
  summary: 'dense net over order-free statistics of MobileNetV2 frame features',
  profiles: [],
  settings: {
    // Of at most 20 frames.
    laptop: {
      feature: 'mobilenet-v2',
      crop: [16],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 2e-4 },
        batch: 16,
        stepsPerEpoch: 10,
        maxEpochs: 40,
        patience: 8,
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
    name: 'net-frame-statistics',
    input: [...input],
    layers: [
      { type: 'FrameStatistics', percentiles: [0, 25, 50, 75, 100] },
      // Deviations are far smaller than means, and must count as much.
      { type: 'BatchNormalization', momentum: profile === 'laptop' ? 0.9 : 0.99 },
      // Thousands of inputs: at full size they would be learnt by heart within an epoch where clips are few.
      ...(profile === 'laptop' ? [{ type: 'Rescaling', scale: 0.05 } as const] : []),
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};
