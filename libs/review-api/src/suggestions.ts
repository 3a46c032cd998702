import { z } from 'zod';

/** What suggestions rest on, and what they are worth. */
export const suggestionBasisSchema = z.object({
  /** Reviewed clips that they were learned from. */
  labels: z.int(),
  /** Species that can be suggested. */
  classes: z.array(z.string()),
  /** Of the labels those that could be left out: other clips, of other sites where `by` is `site`, show their species, too. */
  judged: z.int(),
  by: z.enum(['site', 'clip']),
  /** Share of the left-out clips that were suggested rightly, and its standard error; null where that cannot be said. */
  accuracy: z.number().nullable(),
  accuracyError: z.number().nullable(),
});
/** What {@link suggestionBasisSchema} reads: what suggestions rest on, and what they are worth. */
export type SuggestionBasis = z.infer<typeof suggestionBasisSchema>;

/** How far suggestions are. */
export const suggestionsSchema = z.object({
  /** Name of the encoder that they are made with. */
  model: z.string(),
  /** Whether new ones are being made, and of how many clips vectors are there. */
  busy: z.boolean(),
  done: z.int(),
  all: z.int(),
  /** Null before there are any. */
  basis: suggestionBasisSchema.nullable(),
  /** A sentence where something is wrong. */
  trouble: z.string().nullable(),
});
/** What {@link suggestionsSchema} reads: how far suggestions are. */
export type Suggestions = z.infer<typeof suggestionsSchema>;
