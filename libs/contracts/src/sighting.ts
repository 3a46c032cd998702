import { z } from 'zod';

/** Left, top, width and height as shares of the picture, 0 to 1, as MegaDetector and Camtrap DP have them. */
const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** One thing that a detector followed through the frames of a clip that it looked at. JSON. */
export const sightingSchema = z.object({
  group: z.enum(['animal', 'person', 'vehicle']),
  /** The detector's own word for it; a hint, of small detectors often wrong. */
  name: z.string(),
  /** Highest score, 0 to 1. */
  score: z.number(),
  /** Seconds into the clip of the first and the last sight; null where frames have no time. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Where it was, in order: frame from 0, and its score there. */
  boxes: z.array(z.object({ frame: z.int().nonnegative(), box: boxSchema, score: z.number() })),
});
/** What {@link sightingSchema} reads: a track of boxes with its group and its times in the clip. */
export type Sighting = z.infer<typeof sightingSchema>;

/** What a detector saw of a clip. JSON. */
export const clipSightingsSchema = z.object({
  /** Name and version of the detector. */
  model: z.string(),
  /** Frames that were looked at, from 0. */
  looks: z.array(z.int().nonnegative()),
  sightings: z.array(sightingSchema),
});
/** What {@link clipSightingsSchema} reads: frames looked at, and what was seen there. */
export type ClipSightings = z.infer<typeof clipSightingsSchema>;
