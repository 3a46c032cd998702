import type { JsonValue } from '@primatrix/families';
import type { Profile } from '@primatrix/contracts';
import { trainSettingsSchema, type TrainSettings } from '@primatrix/nets';
import { z } from 'zod';

export const denseSettingsSchema = z.strictObject({
  /** Units of each hidden layer, as a share of the number of inputs. */
  hidden: z.array(z.number().positive()).min(1),
  /** Most units of a hidden layer. */
  maxUnits: z.int().positive(),
  activation: z.enum(['tanh', 'sigmoid']),
  dropout: z.number().min(0).lt(1),
  train: trainSettingsSchema,
});
export type DenseSettings = z.output<typeof denseSettingsSchema>;

const original = { optimizer: { kind: 'adam', learningRate: 5e-5 }, batch: 48, stepsPerEpoch: 200, maxEpochs: 2000, patience: 50 } satisfies TrainSettings;
// A few dozen clips are seen in a handful of steps.
const small = { optimizer: { kind: 'adam', learningRate: 3e-3 }, batch: 16, stepsPerEpoch: 5, maxEpochs: 300, patience: 60 } satisfies TrainSettings;

/** The original's two dense nets, and narrow ones for laptops. */
export const variants: Readonly<Record<Profile, Readonly<Record<'v2' | 'v3', JsonValue>>>> = {
  competition: {
    v2: { hidden: [1, 1], maxUnits: 2048, activation: 'tanh', dropout: 0.5, train: original },
    v3: { hidden: [0.5], maxUnits: 2048, activation: 'sigmoid', dropout: 0.5, train: original },
  },
  laptop: {
    v2: { hidden: [1, 1], maxUnits: 48, activation: 'tanh', dropout: 0.5, train: small },
    v3: { hidden: [1], maxUnits: 64, activation: 'tanh', dropout: 0.3, train: small },
  },
};
