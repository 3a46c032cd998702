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
  /** Raised where work is asked for again because what it had stored is gone or spoilt; absent: 0. */
  again: z.int().nonnegative().optional(),
});
/** What {@link workContextSchema} reads: whom an answer is for. */
export type WorkContext = z.infer<typeof workContextSchema>;

/**
 * What to do about families that answer late or fail: milliseconds after which a clip is predicted without them, when those that
 * fail are left out too; null: late ones are waited for, and a clip of which one fails has failed.
 */
export const latePolicySchema = z.object({
  withoutAfterMs: z.int().positive().nullable(),
  /** Parts of the bundle that are dealt with in another way, by name. */
  parts: z.record(z.string(), z.int().positive().nullable()).default({}),
});
/** What {@link latePolicySchema} reads: what is done about families that are late or fail. */
export type LatePolicy = z.infer<typeof latePolicySchema>;

/** Payload of a request for a clip's first level. The file is `payload.files.clip`. */
export const clipRequestSchema = z.looseObject({
  filename: z.string(),
  site: z.string().nullable(),
  /** ISO 8601. */
  capturedAt: z.string().nullable(),
  /** Null: as the bundle has it. */
  policy: latePolicySchema.nullable(),
  /** Ranges of semantic versions by part of the bundle; parts that are not named are the bundle's own releases. */
  versions: z.record(z.string(), z.string()),
});
/** What {@link clipRequestSchema} reads: a clip to be predicted, and how. */
export type ClipRequest = z.infer<typeof clipRequestSchema>;

/** Whose policy it was that a clip is predicted without a family; the platform's, where that cannot run the family. */
export const policyOwners = ['request', 'bundle', 'platform'] as const;
/** One of {@link policyOwners}. */
export type PolicyOwner = (typeof policyOwners)[number];

/** A family without which a clip was predicted, or because of which it failed. */
export const missingPartSchema = z.object({
  reason: z.string(),
  /** Null: nobody's, so that the clip has failed. */
  policy: z.enum(policyOwners).nullable(),
});
/** What {@link missingPartSchema} reads: a part of the bundle that a prediction was made without. */
export type MissingPart = z.infer<typeof missingPartSchema>;

/** What a prediction was made without, as its reason says it: for people, in one line; empty where nothing is missing. */
export function describeMissing(without: Readonly<Record<string, MissingPart>>): string {
  return Object.entries(without)
    .map(([name, { reason, policy }]) => `without ${name}${policy === null ? '' : ` (${policy}'s policy)`}: ${reason}`)
    .join('; ');
}

/** Payload of the ingest stage's answer: null where the clip cannot be read, and `outcome` says why. */
export const ingestAnswerSchema = z.looseObject({
  metadata: clipMetadataSchema.nullable(),
  outcome: clipOutcomeSchema.nullable(),
});
/** What {@link ingestAnswerSchema} reads: what probing and decoding found out about a clip. */
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
/** What {@link featureAnswerSchema} reads: what a feature family says of a clip beside its tensor. */
export type FeatureAnswer = z.infer<typeof featureAnswerSchema>;

/** Payload of a net's answer. The tensor is `probabilities`. */
export const netAnswerSchema = z.looseObject({
  /** Where the clip had fewer frames than the net looks at, and was filled up; else null. */
  padding: z.object({ frames: z.int(), length: z.int() }).nullable(),
});
/** What {@link netAnswerSchema} reads: what a net says of a clip beside its probabilities. */
export type NetAnswer = z.infer<typeof netAnswerSchema>;

/** Part of a failed answer: what the request refers to is gone or spoilt, and the work can be done once it is made again. */
export const lostInputSchema = z.looseObject({ lost: z.literal(true) });
