import { reviewSchema, saidSchema, type Review } from '@primatrix/review-api';
import { z } from 'zod';

/** What one person decided at once, of one clip or of many: one line, so that it is kept whole or not at all. */
const actSchema = z.object({
  act: z.string(),
  /** Which browser or program it came from. */
  from: z.string().optional(),
  by: z.string().optional(),
  /** ISO 8601. */
  at: z.string(),
  /** Whether only notes were written: what was decided stays with who decided it. */
  noteOnly: z.literal(true).optional(),
  /** Those that say it have who and when of their own: of the decision that a note was added to. */
  reviews: z.array(saidSchema.extend({ at: z.string().optional() })),
});
/** What one person decided at once. */
export type Act = z.infer<typeof actSchema>;

const undoSchema = z.object({ undo: z.string(), by: z.string().optional(), at: z.string() });

/** A line of the log of reviews: an act, its undo, or, as projects of before have them, one clip's review. */
export const reviewEntrySchema = z.union([undoSchema, actSchema, reviewSchema]);
/** What {@link reviewEntrySchema} reads. */
export type ReviewEntry = z.infer<typeof reviewEntrySchema>;

/** The reviews that an act makes, each with who and when. */
export function reviewsOf({ act, at, by, reviews }: Act): Review[] {
  return reviews.map((said) => ({
    ...said,
    act,
    at: said.at ?? at,
    // Who added a note did not decide.
    ...(said.at !== undefined || by === undefined ? {} : { by }),
  }));
}
