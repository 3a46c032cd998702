import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const units = { laptop: 48, competition: 256 } as const;

/** Learns which frames matter: their features' weighted mean goes into a dense net. Not in the original, in the 3rd place's. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-attention-pool',
  version,
  summary: 'attention over MobileNetV2 frame features',
  profiles: [],
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
    name: 'net-attention-pool',
    input: [...input],
    layers: [
      // Laptops often have untrained backbones, whose features differ little: their differences must count.
      ...(profile === 'laptop' ? [{ type: 'BatchNormalization', momentum: 0.9 } as const] : []),
      { type: 'AttentionPooling1D', units: units[profile] },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};
