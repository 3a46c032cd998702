import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const filters = { laptop: [4, 8, 8], competition: [16, 32, 64] } as const;
const units = { laptop: 32, competition: 128 } as const;

/** Convolutions along time alone, each of the 2,048 Inception v3 features by itself, 56 of 60 frames. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-inception-conv2d',
  version,
  summary: 'convolutions along time over Inception v3 frame features',
  profiles: ['competition'],
  settings: {
    // Of at most 16 frames.
    laptop: {
      feature: 'inception-v3',
      crop: [12],
      crops: 3,
      train: {
        optimizer: { kind: 'adam', learningRate: 1e-3 },
        batch: 16,
        stepsPerEpoch: 8,
        maxEpochs: 30,
        patience: 8,
      },
    },
    competition: {
      feature: 'inception-v3',
      crop: [56],
      crops: 3,
      // 117 million weights with their Adam state take 2 GB, and each part of a batch writes its gradient anew.
      train: {
        optimizer: { kind: 'adam', learningRate: 1e-4 },
        batch: 48,
        microBatch: 16,
        stepsPerEpoch: 200,
        maxEpochs: 2000,
        patience: 50,
      },
    },
  },
  build: ({ input, classes, profile }) => ({
    name: 'net-inception-conv2d',
    input: [...input],
    layers: [
      // Laptops often have untrained backbones, whose features differ little: their differences must count.
      ...(profile === 'laptop' ? [{ type: 'BatchNormalization', momentum: 0.9 } as const] : []),
      { type: 'Reshape', targetShape: [...input, 1] },
      ...filters[profile].flatMap(block),
      { type: 'Flatten' },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};

/** Two convolutions and a pool along time; the features stay apart. */
function block(count: number) {
  const conv = {
    type: 'Conv2D' as const,
    filters: count,
    kernelSize: [3, 1] as [number, number],
    padding: 'same' as const,
    activation: 'relu' as const,
  };
  return [conv, conv, { type: 'MaxPooling2D' as const, poolSize: [2, 1] as [number, number] }];
}
