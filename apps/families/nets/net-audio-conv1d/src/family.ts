import { createRequire } from 'node:module';
import type { NetFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Blocks of so many convolutions with so many filters, a max-pool after each. */
const blocks = {
  laptop: [
    [1, 8],
    [1, 16],
    [1, 16],
    [1, 32],
  ],
  competition: [
    [1, 16],
    [2, 32],
    [2, 64],
    [3, 128],
  ],
} as const;
/** Of the first convolution: a fourth of the work on laptops. */
const stride = { laptop: 4, competition: 1 } as const;
const pool = { laptop: 8, competition: 16 } as const;
const units = { laptop: 32, competition: 128 } as const;

/** Convolutions over the sound itself, 327,680 samples (14.9 s) at 22,050 Hz. */
export const family: NetFamily = {
  kind: 'net',
  name: 'net-audio-conv1d',
  version,
  summary: 'convolutions over the sound itself',
  profiles: ['competition'],
  settings: {
    // 3 s.
    laptop: {
      feature: 'waveform',
      crop: [65_536],
      crops: 3,
      padding: 'zero',
      train: {
        optimizer: { kind: 'adam', learningRate: 2e-3 },
        batch: 16,
        stepsPerEpoch: 8,
        maxEpochs: 30,
        patience: 8,
      },
    },
    competition: {
      feature: 'waveform',
      crop: [327_680],
      crops: 3,
      padding: 'zero',
      train: {
        optimizer: { kind: 'sgd', learningRate: 1e-3, momentum: 0.9, nesterov: true, decay: 1e-6 },
        batch: 48,
        stepsPerEpoch: 400,
        maxEpochs: 200,
        patience: 50,
      },
    },
  },
  build: ({ input, classes, profile }) => ({
    name: 'net-audio-conv1d',
    input: [...input],
    layers: [
      ...blocks[profile].flatMap(([convolutions, filters], block) => [
        ...Array.from({ length: convolutions }, () => [
          {
            type: 'Conv1D',
            filters,
            kernelSize: [9] as [number],
            strides: [block === 0 ? stride[profile] : 1] as [number],
            padding: 'same',
            activation: 'relu',
          } as const,
          { type: 'BatchNormalization', momentum: profile === 'laptop' ? 0.9 : 0.99 } as const,
        ]).flat(),
        { type: 'MaxPooling1D', poolSize: [pool[profile]] as [number] } as const,
      ]),
      { type: 'Flatten' },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: units[profile], activation: 'relu' },
      { type: 'Dropout', rate: 0.5 },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  }),
};
