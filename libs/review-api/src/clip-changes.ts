import { z } from 'zod';
import { reviewerSchema } from './review.ts';

/** Clips that a project may have: all of them are in memory. */
export const mostClips = 200_000;

/** Clips by id. */
export const clipIdsSchema = z.strictObject({
  ids: z
    .array(z.string().regex(/^[\da-f]{16}$/, 'must be the id of a clip'))
    .min(1)
    .max(mostClips),
});

/** Which clips are taken out of the project, and whether uploaded files go with them. */
export const removeInputSchema = clipIdsSchema.extend({
  /** Whether files that were uploaded into the project are deleted, for good. Files that lie elsewhere are never touched. */
  deleteUploads: z.boolean().default(false),
});

/** Where and when a clip was taken; what is absent stays as it is, null takes back what somebody said. */
export const clipSettingSchema = reviewerSchema.extend({
  site: z.string().trim().min(1).max(200).nullable().optional(),
  /** ISO 8601, with a zone where it is known. */
  capturedAt: z.string().trim().min(1).max(40).nullable().optional(),
});
/** What {@link clipSettingSchema} reads: where and when a clip was taken. */
export type ClipSetting = z.infer<typeof clipSettingSchema>;

/** How many of the clips named were changed; others were in that state before. */
export const changedSchema = z.object({ changed: z.int() });
/** What {@link changedSchema} reads: how many of the clips named were changed. */
export type Changed = z.infer<typeof changedSchema>;

/** All clips that pass filters, by id. */
export const clipChoiceSchema = z.object({
  ids: z.array(z.string()),
  /** Those of them that were uploaded into the project. */
  uploaded: z.array(z.string()),
  /** Those of them that failed or are degraded. */
  troubled: z.array(z.string()),
  /** How many would be wrong if each one's most probable species were accepted, by their probabilities; null where those are not calibrated. */
  expectedWrong: z.number().nullable(),
});
/**
 * What {@link clipChoiceSchema} reads: all clips that pass filters, by id, and which of them are uploaded or in
 * trouble.
 */
export type ClipChoice = z.infer<typeof clipChoiceSchema>;
