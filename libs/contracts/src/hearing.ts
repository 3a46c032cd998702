import { z } from 'zod';

/** A sound that was heard in a clip. JSON. */
const heardSoundSchema = z.object({
  /** The classifier's own word for it. */
  name: z.string(),
  /** Highest score, 0 to 1. */
  score: z.number(),
  /** Seconds into the clip of the windows in which it was heard, neighbouring ones as one. */
  times: z.array(z.object({ from: z.number(), to: z.number() })).min(1),
});

/** What a classifier of sound heard of a clip beside what others saw: no part of the probabilities. JSON. */
export const clipHeardSchema = z.object({
  /** Name and version of the classifier. */
  model: z.string(),
  /** The surest first. */
  sounds: z.array(heardSoundSchema),
});
/** What {@link clipHeardSchema} reads: sounds with their scores and times. */
export type ClipHeard = z.infer<typeof clipHeardSchema>;
