import type { JsonValue } from '@primatrix/families';
import type { Profile } from '@primatrix/contracts';
import { trainSettingsSchema, type TrainSettings } from '@primatrix/nets';
import { z } from 'zod';
import { encodingsSchema, type Encodings } from './column-inputs.ts';

export const denseSettingsSchema = z.strictObject({
  /** Units of each hidden layer, as a share of the number of inputs. */
  hidden: z.array(z.number().positive()).min(1),
  /** Most units of a hidden layer. */
  maxUnits: z.int().positive(),
  activation: z.enum(['tanh', 'sigmoid']),
  dropout: z.number().min(0).lt(1),
  /** Columns that become inputs besides those within [-1, 1]. */
  encodings: encodingsSchema.optional(),
  train: trainSettingsSchema,
});
export type DenseSettings = z.output<typeof denseSettingsSchema>;

const original = {
  optimizer: { kind: 'adam', learningRate: 5e-5 },
  batch: 48,
  stepsPerEpoch: 'pass',
  maxEpochs: 10_000,
  patience: 50,
} satisfies TrainSettings;
/** What the original made of the metadata; sound-size buckets from the sound's size, which it filled from the video's. */
const encodings = {
  oneHot: [['video-ingest/width', 'video-ingest/height']],
  digits: ['video-ingest/modified_at', 'video-ingest/micro_modified_at'],
  buckets: [
    { column: 'video-ingest/bytes', step: 20_000_000 / 50 },
    { column: 'video-ingest/audio_bytes', step: 250_000 / 50 },
  ],
} satisfies Encodings;
// A few dozen clips are seen in a handful of steps.
const small = {
  optimizer: { kind: 'adam', learningRate: 3e-3 },
  batch: 16,
  stepsPerEpoch: 5,
  maxEpochs: 300,
  patience: 60,
} satisfies TrainSettings;

/** The original's two dense nets, and narrow ones for laptops. */
export const variants: Readonly<Record<Profile, Readonly<Record<'v2' | 'v3', JsonValue>>>> = {
  competition: {
    v2: { hidden: [1, 1], maxUnits: 2048, activation: 'tanh', dropout: 0.5, encodings, train: original },
    v3: { hidden: [0.5], maxUnits: 2048, activation: 'sigmoid', dropout: 0.5, encodings, train: original },
  },
  laptop: {
    v2: { hidden: [1, 1], maxUnits: 48, activation: 'tanh', dropout: 0.5, train: small },
    v3: { hidden: [1], maxUnits: 64, activation: 'tanh', dropout: 0.3, train: small },
  },
};
