import { z } from 'zod';
import { familyPattern, messageEvents, releasePattern, stages } from './subject.ts';
import { tensorRefSchema } from './tensor.ts';

/** sha256 as 64 lower-case hexadecimal digits. */
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
/** Semantic version 2.0.0, without the leading v. */
const semver = z
  .string()
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    'must be a semantic version',
  );

/** Where a stored file that is no tensor lies: a table, a clip, a card. Readers verify length and sha256. */
export const fileRefSchema = z.looseObject({
  uri: tensorRefSchema.shape.uri,
  sha256: digest,
  bytes: z.int().nonnegative(),
});
/** What {@link fileRefSchema} reads: address, sha256 and bytes of a stored file. */
export type FileRef = z.infer<typeof fileRefSchema>;

/** Who made a message. Two versions of one net can run side by side and be told apart. */
export const producerSchema = z.looseObject({
  /** Package name, as `@primatrix/vgg16`. */
  name: z.string().min(1),
  version: semver,
  /** sha256 of the weights used; null where there are none. */
  modelDigest: digest.nullable(),
});
/** What {@link producerSchema} reads: package, version and weights of who made a message. */
export type Producer = z.infer<typeof producerSchema>;

/**
 * One message on the bus. It refers to tensors and tables and never holds them. Unknown members are kept:
 * a service hands on what a newer one wrote. A change that breaks readers raises `schemaVersion` and the
 * subject's `v1` together.
 */
export const messageSchema = z
  .looseObject({
    schemaVersion: z.literal(1),
    /** Content hash of stage, inputs and settings: the same work has the same id, so that doing it twice is harmless. */
    id: digest,
    stage: z.enum(stages),
    family: z.string().regex(familyPattern),
    event: z.enum(messageEvents),
    /** The one release that shall do the work, part of the subject; only of `requested`. */
    release: z.string().regex(releasePattern).optional(),
    datasetId: z.string().min(1),
    /** Content hash of the clip; null for work that spans clips. */
    clipId: digest.nullable(),
    producer: producerSchema,
    payload: z.looseObject({
      /** Tensors by name. */
      tensors: z.record(z.string(), z.looseObject(tensorRefSchema.shape)),
      /** Other files by name. */
      files: z.record(z.string(), fileRefSchema),
    }),
    /** Why there is no output; null unless the event is `failed`. */
    failure: z.looseObject({ code: z.string().min(1), message: z.string() }).nullable(),
    /** Durations by name, milliseconds. */
    timings: z.record(z.string(), z.number().nonnegative()),
  })
  .refine(({ event, failure }) => (event === 'failed') === (failure !== null), {
    path: ['failure'],
    message: "must be given when the event is 'failed', and only then",
  })
  .refine(({ event, release }) => release === undefined || event === 'requested', {
    path: ['release'],
    message: "must be absent unless the event is 'requested'",
  });
/** What {@link messageSchema} reads: one message, by reference to its tensors and files. */
export type Message = z.infer<typeof messageSchema>;

/** Why a message was put aside. */
export const deadLetterReasons = [
  'malformed', // it is no message, or not one of the subject it came on
  'failed', // its handler failed as often as allowed
  'unanswered', // it was delivered as often as allowed and nobody answered: a crash, a hang, a lost machine
] as const;
/** One of {@link deadLetterReasons}. */
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/** A message that was put aside, with everything needed to judge it and to send it again. */
export const deadLetterSchema = z.looseObject({
  schemaVersion: z.literal(1),
  reason: z.enum(deadLetterReasons),
  /** One sentence for people. */
  detail: z.string(),
  /** The subject it was on. */
  subject: z.string(),
  /** The durable consumer that gave up. */
  durable: z.string(),
  deliveries: z.int().positive(),
  /** Null where the message is malformed. */
  messageId: digest.nullable(),
  clipId: digest.nullable(),
  /** The message's bytes as they came, base64. */
  data: z.base64(),
});
/** What {@link deadLetterSchema} reads: a message that was put aside, and why. */
export type DeadLetter = z.infer<typeof deadLetterSchema>;
