import { z } from 'zod';

/** What a person decided about a clip. `blank` and `unsure` are decisions, too; `open` takes a decision back. */
export const decisions = ['accepted', 'corrected', 'blank', 'unsure', 'open'] as const;
/** One of {@link decisions}. */
export type Decision = (typeof decisions)[number];

/** What a person says of a clip. */
export const reviewInputSchema = z.strictObject({
  decision: z.enum(decisions),
  /** Species that the clip shows; at least one where it is accepted or corrected. Names that the bundle does not know are new species. */
  species: z.array(z.string().trim().min(1).max(100)).max(50),
  /** Name of the person who decides; absent where nobody gives one. */
  by: z.string().trim().min(1).max(100).optional(),
});
/** What {@link reviewInputSchema} reads: what a person says of a clip. */
export type ReviewInput = z.infer<typeof reviewInputSchema>;

/** A decision as it is kept: one line of the review log; the last one of a clip counts. */
export const reviewSchema = reviewInputSchema.extend({
  clip: z.string(),
  /** When it was made, ISO 8601. */
  at: z.string(),
});
/** What {@link reviewSchema} reads: a decision as it is kept, with its clip and time. */
export type Review = z.infer<typeof reviewSchema>;
