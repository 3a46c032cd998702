import { z } from 'zod';
import { profiles } from './profile.ts';

/** Absolute path of a file or folder that every machine of a training has under the same name. */
const path = z.string().min(1);
const names = z.array(z.string().min(1));

/** What a training is about, as the options of `primatrix train` say it; whose machine computes is not among them. */
export const trainingRequestSchema = z.strictObject({
  dataset: path,
  clips: path.optional(),
  labels: path.optional(),
  test: path.optional(),
  /** Folder of the results of all datasets. */
  artifacts: path,
  profile: z.enum(profiles),
  folds: z.int().min(2),
  seed: z.int().nonnegative(),
  only: names.optional(),
  net: z.array(path).optional(),
  model: names.optional(),
  models: path.optional(),
  /** A detector that leads the encoders among the models. */
  lookWith: z.string().optional(),
  /** Families whose vectors nets also read without the background of each site. */
  background: names.optional(),
  engine: z.string().optional(),
  weights: path.optional(),
  /** `modified`, or the path of a table. */
  timeOrder: z.union([z.literal('modified'), path]).optional(),
  /** Folders by family. */
  standIn: z.record(z.string(), path).optional(),
  extraColumns: names.optional(),
  storage: z.string().optional(),
});
/** What {@link trainingRequestSchema} reads: the options of a training. */
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/** Payload of a request for a job of a training: one stage, or a part of one. */
export const trainingJobSchema = z.looseObject({
  training: trainingRequestSchema,
  /** Digest of the dataset as who asks sees it. */
  dataset: z.string(),
  /** `<family>:<task>`. */
  stage: z.string(),
  /** What the stage itself named as one of its parts; absent: the stage. */
  part: z.json().optional(),
});
/** What {@link trainingJobSchema} reads: a job of a training. */
export type TrainingJob = z.infer<typeof trainingJobSchema>;

/** How far a job is; sent beside the queue, and not kept. */
export const trainingProgressSchema = z.looseObject({
  stage: z.string(),
  /** Whether it is a part of the stage. */
  part: z.boolean(),
  /** Who has it: machine and process. */
  trainer: z.string(),
  /** 0 to 1. */
  fraction: z.number(),
  note: z.string(),
});
/** What {@link trainingProgressSchema} reads: who has a job, and how far it is. */
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

/** Payload of a trainer's answer. */
export const trainingAnswerSchema = z.looseObject({ trainer: z.string() });
