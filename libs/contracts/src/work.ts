import { z } from 'zod';
import { clipMetadataSchema, clipOutcomeSchema } from './clip.ts';

// What payloads hold besides tensors and files, by the kind of work. Unknown members pass through.

/** Whom an answer is for: services hand it on from the request to the answer as it is. */
export const workContextSchema = z.looseObject({
  /** sha256 of the bundle's manifest. */
  bundle: z.string(),
  /** Key of the clip's state, for the joiner; of the answer, for who asked. Words joined by dots. */
  key: z.string(),
  /** Which part of the bundle is asked: a family, or a stacker's member name. */
  part: z.string(),
  /** Raised where work whose answer was a failure is asked for again. */
  round: z.int().nonnegative(),
  /** Whether the answer is to be kept as a record under `key`, for one who does not follow the announcements. */
  keep: z.boolean(),
});
export type WorkContext = z.infer<typeof workContextSchema>;

/** What to do about families that answer late or fail. */
export const latePolicySchema = z.object({
  /**
   * Milliseconds after which a clip is predicted without the families that have not answered, and how families that
   * fail are taken too; null: late ones are waited for, and a clip of which one fails has failed.
   */
  withoutAfterMs: z.int().positive().nullable(),
});
export type LatePolicy = z.infer<typeof latePolicySchema>;

/** Payload of a request for a clip's first level. The file is `payload.files.clip`. */
export const clipRequestSchema = z.looseObject({
  filename: z.string(),
  site: z.string().nullable(),
  /** ISO 8601. */
  capturedAt: z.string().nullable(),
  policy: latePolicySchema,
  /** Ranges of semantic versions by part of the bundle; parts that are not named are the bundle's own releases. */
  versions: z.record(z.string(), z.string()),
});
export type ClipRequest = z.infer<typeof clipRequestSchema>;

/** Payload of the ingest stage's answer: null where the clip cannot be read, and `outcome` says why. */
export const ingestAnswerSchema = z.looseObject({ metadata: clipMetadataSchema.nullable(), outcome: clipOutcomeSchema.nullable() });
export type IngestAnswer = z.infer<typeof ingestAnswerSchema>;

/** Payload of a feature family's answer. The tensor `features` is absent where the clip lacks what the family goes by. */
export const featureAnswerSchema = z.looseObject({
  outcome: clipOutcomeSchema,
  /** Whether the outcome speaks of the pictures, and of the sound. */
  looked: z.boolean(),
  listened: z.boolean(),
  /** Summary numbers; null is missing. Absent where the tensor is. */
  row: z.record(z.string(), z.number().nullable()).optional(),
});
export type FeatureAnswer = z.infer<typeof featureAnswerSchema>;

/** Payload of a net's answer. The tensor is `probabilities`. */
export const netAnswerSchema = z.looseObject({
  /** Where the clip had fewer frames than the net looks at, and was filled up; else null. */
  padding: z.object({ frames: z.int(), length: z.int() }).nullable(),
});
export type NetAnswer = z.infer<typeof netAnswerSchema>;
