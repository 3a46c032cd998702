import { z } from 'zod';
import { clipIdsSchema } from './clip-changes.ts';
import { decisions, reviewerSchema, reviewInputSchema } from './review.ts';

/**
 * One decision about many clips. Accepted without species: each clip's most probable one. Without a decision only the
 * note changes.
 */
export const decisionInputSchema = reviewInputSchema
  .omit({ observations: true })
  .extend({
    decision: z.enum(decisions).optional(),
    species: z.array(z.string().trim().min(1).max(100)).max(50).default([]),
  })
  .extend(clipIdsSchema.shape);
/** What {@link decisionInputSchema} reads: one decision about many clips. */
export type DecisionInput = z.input<typeof decisionInputSchema>;

/** What came of a decision about many clips. */
export const decidedSchema = z.object({
  /** For an undo. */
  act: z.string(),
  changed: z.int(),
  /** Clips that stay as they are: nothing has been predicted of them that could be accepted. */
  passed: z.int(),
  /** Of the accepted ones: how many are wrong, by their probabilities; null where those are not calibrated, or nothing was accepted. */
  expectedWrong: z.number().nullable(),
});
/** What {@link decidedSchema} reads: what came of a decision about many clips. */
export type Decided = z.infer<typeof decidedSchema>;

/** What is to be undone: an act, or the last one from here. */
export const undoInputSchema = reviewerSchema.extend({ act: z.string().max(64).optional() });

/** What was undone. */
export const undoneSchema = z.object({
  /** Null: there was nothing to undo. */
  act: z.string().nullable(),
  /** What the act was about. */
  about: z.enum(['decision', 'note', 'setting']),
  /** Null where it was no decision. */
  decision: z.enum(decisions).nullable(),
  /** Clips of the act. */
  clips: z.array(z.string()),
  /** Those of them that somebody decided again since: they stay. */
  kept: z.int(),
});
/** What {@link undoneSchema} reads: what was undone. */
export type Undone = z.infer<typeof undoneSchema>;
