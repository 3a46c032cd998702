import {
  clipHeardSchema,
  clipOutcomeSchema,
  clipSightingsSchema,
  missingPartSchema,
  producerSchema,
} from '@primatrix/contracts';
import { z } from 'zod';

/** What is said of one input file: exactly one of these each. JSON. */
export const clipPredictionSchema = z.object({
  filename: z.string(),
  /** sha256 of the file; null where it could not be read. */
  sha256: z.string().nullable(),
  outcome: clipOutcomeSchema,
  /** [classes] of the ensemble; null where the clip failed. */
  probabilities: z.array(z.number()).nullable(),
  /** [classes] of each net and stacker by name; empty where the clip failed. */
  members: z.record(z.string(), z.array(z.number())),
  /** Families that had to fill the clip up, with the frames that it had and that they look at. */
  padded: z.record(z.string(), z.object({ frames: z.int(), length: z.int() })),
  /** What a detector saw; absent where none looked. */
  seen: clipSightingsSchema.optional(),
  /** What was heard beside that; absent where nothing listened, or there was no sound. */
  heard: clipHeardSchema.optional(),
  /** Who made what, by part of the bundle; absent where one process made all of it from the bundle. */
  producers: z.record(z.string(), producerSchema).optional(),
  /** Families that are missing, and by whose policy; absent where none is. */
  without: z.record(z.string(), missingPartSchema).optional(),
});
/** What is predicted of one clip: its outcome, and probabilities by species, from 0 to 1. */
export type ClipPrediction = z.infer<typeof clipPredictionSchema>;
