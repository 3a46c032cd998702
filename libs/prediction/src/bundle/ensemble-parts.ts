import type { Calibration } from '@primatrix/families';
import type { LossGain, SkipAnswer } from '@primatrix/metrics';
import { z } from 'zod';

const error = z.number().nullable();
/** Scores with their standard errors by bootstrap over sites (clips, where none is known). */
export const scoresSchema = z.object({
  logLoss: z.number(),
  accuracy: z.number(),
  standardError: z.object({ logLoss: error, accuracy: error }),
});
/** By how much log loss falls, clip by clip, with its standard error; above 0 is better. */
export const gainSchema: z.ZodType<LossGain> = z.object({ gain: z.number(), standardError: error });

/** What {@link scoresSchema} reads: log loss and accuracy over labelled clips, with standard errors. */
export type Scores = z.infer<typeof scoresSchema>;

/** A fitted calibration, as artifacts and bundles hold it. */
export const fittedCalibrationSchema: z.ZodType<Calibration> = z.discriminatedUnion('method', [
  z.object({ method: z.literal('none') }),
  z.object({ method: z.literal('temperature'), temperature: z.number().positive() }),
  z.object({
    method: z.literal('isotonic'),
    perClass: z.array(z.object({ from: z.array(z.number()).min(2), to: z.array(z.number()).min(2) })).min(1),
  }),
]);

const lostSchema = z.object({ clips: z.int(), lost: z.int(), share: z.number(), upperBound: z.number() });
const thresholdSchema = z.object({
  threshold: z.number().nullable(),
  skipped: z.object({ clips: z.int(), share: z.number(), standardError: error }),
  animals: lostSchema.extend({ standardError: error }),
  perClass: z.record(z.string(), lostSchema),
});

const answerSchema: z.ZodType<SkipAnswer> = z.object({
  lose: z.number(),
  blank: z.string(),
  people: z.array(z.string()),
  clips: z.int(),
  animals: z.int(),
  groups: z.int(),
  plain: thresholdSchema,
  careful: thresholdSchema,
});

/** Thresholds on the probability of blank, as artifacts and bundles hold them. */
export const ensembleThresholdsSchema = z.object({
  /** One answer a standard target; none where `note` says why. */
  answers: z.array(answerSchema),
  note: z.string(),
});

/** What is known of thresholds on the probability of blank. */
export type EnsembleThresholds = z.infer<typeof ensembleThresholdsSchema>;
