import { z } from 'zod';

/** A figure before and after; errors are standard errors, null where nothing can be said. */
const beforeAfterSchema = z.object({
  before: z.number(),
  beforeError: z.number().nullable(),
  after: z.number(),
  afterError: z.number().nullable(),
});

const comparisonSchema = z.object({
  clips: z.int(),
  /** What standard errors are drawn from. */
  groups: z.object({ by: z.enum(['site', 'clip']), count: z.int() }),
  /** Species that these clips show. */
  classes: z.int(),
  logLoss: beforeAfterSchema,
  accuracy: beforeAfterSchema,
  /** By how much the log loss fell, clip by clip: far better known than either loss. */
  gain: z.object({ value: z.number(), error: z.number().nullable() }),
});
/** Scores before and after a re-fit over the same clips, with standard errors. */
export type RefitComparison = z.infer<typeof comparisonSchema>;

/** What a re-fit came to. */
export const refitResultSchema = z.object({
  /** When it was started, ISO 8601. */
  at: z.string(),
  seconds: z.number(),
  /** Clips that came to the training's, training clips whose labels were changed, and those whose labels people confirmed. */
  corrections: z.object({ reviewed: z.int(), relabelled: z.int(), confirmed: z.int() }),
  folds: z.int(),
  /** Out of fold: models that learned from no clip of the site. Reviewed clips: null where all corrections are of training clips. */
  training: comparisonSchema,
  reviewed: comparisonSchema.nullable(),
});
/** What {@link refitResultSchema} reads: what a re-fit learned from, and what came of it. */
export type RefitResult = z.infer<typeof refitResultSchema>;

/** Where re-fitting the second level stands. */
export const refitSchema = z.object({
  /** Why it cannot be done at all; null where it can. */
  impossible: z.string().nullable(),
  /** Reviewed clips that can be learned from, and how many of them were reviewed after the re-fit that is in use. */
  corrections: z.int(),
  since: z.int(),
  /** Reviewed clips that cannot, by why: unsure; of a species that the bundle does not know; not looked at, or not readable. */
  leftOut: z.object({ unsure: z.int(), unknown: z.int(), unread: z.int() }),
  /** idle: nothing is done; running; done: `result` waits for a decision; failed: see `trouble`. */
  stage: z.enum(['idle', 'running', 'done', 'failed']),
  /** Share of a running one that is done, 0..1, and what it is at. */
  done: z.number(),
  note: z.string(),
  trouble: z.string().nullable(),
  result: refitResultSchema.nullable(),
  /** The re-fit that predicts; null where the bundle of the training does. */
  inUse: z.object({ at: z.string(), corrections: z.int() }).nullable(),
});
/** What {@link refitSchema} reads: where re-fitting the second level stands. */
export type Refit = z.infer<typeof refitSchema>;
