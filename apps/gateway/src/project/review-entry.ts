import { coordinatesSchema, reviewSchema, saidSchema, timeOrigins, type Review } from '@primatrix/review-api';
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

/** What is said of where and when a clip was taken; what is absent stays as it was. */
const settingPatchSchema = z.object({
  site: z.string().nullable().optional(),
  /** ISO 8601, with a zone where it states one; null: as the file has it. */
  capturedAt: z.string().nullable().optional(),
  /** Null: a person's word. */
  timeFrom: z.enum(timeOrigins).nullable().optional(),
  coordinates: coordinatesSchema.nullable().optional(),
  /** Of the camera's clock. */
  zone: z.string().nullable().optional(),
  /** Whether the file claims UTC and means the clock of the place. */
  localClock: z.boolean().optional(),
});
/** What is said of where and when a clip was taken. */
export type SettingPatch = z.infer<typeof settingPatchSchema>;

/** What one person said at once of where and when clips were taken. */
const settingActSchema = z.object({
  act: z.string(),
  from: z.string().optional(),
  by: z.string().optional(),
  at: z.string(),
  settings: z.array(settingPatchSchema.extend({ clip: z.string() })),
});
/** What {@link settingActSchema} reads. */
export type SettingAct = z.infer<typeof settingActSchema>;

const undoSchema = z.object({ undo: z.string(), by: z.string().optional(), at: z.string() });

/** A line of the log of reviews: an act, about what clips show or where and when they were taken, its undo, or, as projects of before have them, one clip's review. */
export const reviewEntrySchema = z.union([undoSchema, actSchema, settingActSchema, reviewSchema]);
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
