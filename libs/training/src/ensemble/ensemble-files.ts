import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrationMethods, weighings } from '@primatrix/families';
import type { ReliabilityCurve } from '@primatrix/metrics';
import {
  ensembleThresholdsSchema,
  fittedCalibrationSchema,
  gainSchema,
  scoresSchema,
  type EnsembleThresholds,
} from '@primatrix/prediction';
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

const weightsSchema = z.record(z.string(), z.number());

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
