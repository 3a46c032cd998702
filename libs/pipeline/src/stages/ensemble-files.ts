import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrationMethods, weighings, type Calibration } from '@primatrix/families';
import type { LossGain, ReliabilityCurve, SkipAnswer } from '@primatrix/metrics';
import { z } from 'zod';

/** Where the ensemble's weights and scores lie, below the artifact folder. */
export const ensembleWeightsFile = 'ensemble/weights.json';
/** Where its calibrations lie. */
export const calibrationFile = 'ensemble/calibration.json';
/** Where the thresholds on the probability of blank lie. */
export const thresholdsFile = 'ensemble/thresholds.json';
/** Where the final out-of-fold predictions of labelled clips lie, with their folds. */
export const ensembleTrainFile = 'ensemble/train.parquet';
/** Where the test predictions in the competition's format lie. */
export const submissionFile = 'ensemble/submission.csv';

const error = z.number().nullable();
/** Scores with their standard errors by bootstrap over sites (clips, where none is known). */
export const scoresSchema = z.object({
  logLoss: z.number(),
  accuracy: z.number(),
  standardError: z.object({ logLoss: error, accuracy: error }),
});
export const gainSchema: z.ZodType<LossGain> = z.object({ gain: z.number(), standardError: error });
const weightsSchema = z.record(z.string(), z.number());

/** Scores of one model, or of the ensemble, over labelled clips. */
export type Scores = z.infer<typeof scoresSchema>;

const ensembleWeightsSchema = z.object({
  /** What is used; `ensemble` settings of the profile. */
  used: z.object({ weights: z.enum(weighings), calibration: z.enum(calibrationMethods) }),
  /** Weights by member that are used. */
  weights: weightsSchema,
  clips: z.int(),
  /** What standard errors are drawn from. */
  groups: z.object({ by: z.enum(['site', 'clip']), count: z.int() }),
  /** Of what is used, all that is learnt being learnt without the fold that is scored. */
  outOfFold: scoresSchema,
  /** Out-of-fold scores of each member alone. */
  members: z.record(z.string(), scoresSchema),
  weighings: z.record(
    z.enum(weighings),
    z.object({
      /** Found on all folds: what would be used. */
      weights: weightsSchema,
      /** Scored on the very predictions that the weights were found on: flattered where they were searched. */
      flattered: scoresSchema,
      /** Weights found on all folds but one, scored on that one, for each: honest. */
      nested: scoresSchema,
      /** What `nested` gains over the original's weights, clip by clip. */
      gain: gainSchema,
    }),
  ),
});

/** All that `ensemble/weights.json` tells. */
export type EnsembleWeights = z.infer<typeof ensembleWeightsSchema>;

/** A fitted calibration, as artifacts and bundles hold it. */
export const fittedCalibrationSchema: z.ZodType<Calibration> = z.discriminatedUnion('method', [
  z.object({ method: z.literal('none') }),
  z.object({ method: z.literal('temperature'), temperature: z.number().positive() }),
  z.object({
    method: z.literal('isotonic'),
    perClass: z.array(z.object({ from: z.array(z.number()).min(2), to: z.array(z.number()).min(2) })).min(1),
  }),
]);

const curveSchema: z.ZodType<ReliabilityCurve> = z.object({
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      count: z.int(),
      meanPredicted: z.number().nullable(),
      observed: z.number().nullable(),
    }),
  ),
  expectedCalibrationError: z.number(),
});

const ensembleCalibrationSchema = z.object({
  applied: z.enum(calibrationMethods),
  methods: z.record(
    z.enum(calibrationMethods),
    z.object({
      /** On all folds: what would be applied. */
      fitted: fittedCalibrationSchema,
      /** Fitted on all folds but one, scored on that one, for each; of `none`, the weighted mean as it is. */
      nested: scoresSchema.extend({
        brierScore: z.number(),
        reliability: z.object({ overall: curveSchema, perClass: z.array(curveSchema).readonly() }),
      }),
      /** What `nested` gains over no calibration, clip by clip. */
      gain: gainSchema,
    }),
  ),
});

/** All that `ensemble/calibration.json` tells. */
export type EnsembleCalibration = z.infer<typeof ensembleCalibrationSchema>;

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

/** All that `ensemble/thresholds.json` tells. */
export type EnsembleThresholds = z.infer<typeof ensembleThresholdsSchema>;

const read = async <T>(schema: z.ZodType<T>, artifacts: string, file: string): Promise<T> =>
  schema.parse(JSON.parse(await readFile(join(artifacts, file), 'utf8')));

/** Reads what the ensemble's fit stage left. */
export const readEnsembleWeights = (artifacts: string): Promise<EnsembleWeights> =>
  read(ensembleWeightsSchema, artifacts, ensembleWeightsFile);
/** Reads the ensemble's calibration from the artifact folder. */
export const readEnsembleCalibration = (artifacts: string): Promise<EnsembleCalibration> =>
  read(ensembleCalibrationSchema, artifacts, calibrationFile);
/** Reads the thresholds of each class, from 0 to 1, from the artifact folder. */
export const readEnsembleThresholds = (artifacts: string): Promise<EnsembleThresholds> =>
  read(ensembleThresholdsSchema, artifacts, thresholdsFile);
