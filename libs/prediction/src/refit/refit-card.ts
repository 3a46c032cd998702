import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BundleManifest } from '../bundle/bundle-manifest.ts';
import { gainSchema, scoresSchema } from '../bundle/ensemble-parts.ts';

/** The scores of a re-fit, below its bundle. */
export const refitCardFile = 'refit/card.json';
/** Predictions of clips by models that did not learn from them, below the bundle of a re-fit. */
export const refitOutOfFoldFile = 'refit/out-of-fold.parquet';

/** The same clips before and after; both sides are predictions of models that learned from no clip of the site. */
const comparisonSchema = z.object({
  clips: z.int().positive(),
  /** What standard errors are drawn from. */
  groups: z.object({ by: z.enum(['site', 'clip']), count: z.int() }),
  /** Classes that these clips show. */
  classes: z.int(),
  before: scoresSchema,
  after: scoresSchema,
  /** By how much the log loss fell, clip by clip. */
  gain: gainSchema,
});

/** What a re-fit came to. JSON. */
export const refitScoresSchema = z.object({
  training: comparisonSchema,
  /** Null where all corrections are of training clips. */
  reviewed: comparisonSchema
    .extend({
      /** Of the bundle of before as it predicts, by the mean of its folds' models; null where it has learned from some of these clips. */
      asPredicted: scoresSchema.nullable(),
    })
    .nullable(),
});
/** Scores of a bundle on one set of clips, out of fold. */
export type RefitScores = z.infer<typeof refitScoresSchema>;

const cardSchema = z.object({
  schema: z.literal(1),
  /** Digest of the training's own bundle, whose first level this is. */
  base: z.string(),
  /** Digest of the bundle that the scores compare with. */
  before: z.string(),
  dataset: z.object({ name: z.string(), digest: z.string() }),
  seed: z.int(),
  folds: z.int(),
  /** Clips that came to the training's, training clips whose labels were changed, and those whose labels people confirmed. */
  corrections: z.object({ reviewed: z.int(), relabelled: z.int(), confirmed: z.int() }),
  scores: refitScoresSchema,
  /** Folds of the reviewed clips' sites, by a digest of their names. */
  siteFolds: z.record(z.string(), z.int()),
});

/** `refit/card.json` of a bundle: where its second level comes from and how well it does. */
export type RefitCard = z.infer<typeof cardSchema>;

/**
 * Reads the card of a re-fit bundle: what it learned from, and scores before and after; undefined for a bundle that a
 * training made.
 * @returns undefined for a bundle that training made
 */
export async function readRefitCard(folder: string, { refit }: BundleManifest): Promise<RefitCard | undefined> {
  return refit === undefined
    ? undefined
    : cardSchema.parse(JSON.parse(await readFile(join(folder, refit.card.path), 'utf8')));
}
