import { z } from 'zod';

/** Why a clip could not be read, or not wholly. A closed list: callers and reports match on it. */
export const clipFaults = [
  'missing', // no such file
  'unreadable', // the operating system refuses to open it
  'empty', // zero bytes
  'not-media', // not a container that ffmpeg knows
  'no-video', // a container without a picture stream
  'no-sound', // no sound, where only sound is asked for
  'no-frames', // a picture stream of which no frame decodes
  'truncated', // fewer frames than the container promises
  'damaged', // the decoder reported errors, or frames are missing in the middle
  'too-large', // over the limit on picture size, length or memory
  'timed-out', // decoding took longer than the limit
  'incomplete', // a service gave no answer in time, or none at all, and its part is missing
  'tool-failed', // ffmpeg itself crashed or could not be started
  'internal', // a fault of ours; the message says where
] as const;
/** One of {@link clipFaults}. */
export const clipFaultSchema = z.enum(clipFaults);
/** One of {@link clipFaults}. */
export type ClipFault = z.infer<typeof clipFaultSchema>;

/** ok: all frames decoded; degraded: some frames missing, results hold for the rest; failed: no result. */
export const clipStatusSchema = z.enum(['ok', 'degraded', 'failed']);
/** One of `ok`, `degraded` and `failed`, as {@link clipStatusSchema} says. */
export type ClipStatus = z.infer<typeof clipStatusSchema>;

/** How decoding of a clip ended. Every input file gets exactly one. */
export const clipOutcomeSchema = z.object({
  status: clipStatusSchema,
  /** Set unless status is ok. */
  fault: clipFaultSchema.nullable(),
  /** One sentence for people; empty when ok. */
  reason: z.string(),
  framesDecoded: z.int().nonnegative(),
  /** What the container promises; null when it promises nothing. */
  framesExpected: z.int().nonnegative().nullable(),
});
/** What {@link clipOutcomeSchema} reads: how decoding ended, and how many frames came of how many promised. */
export type ClipOutcome = z.infer<typeof clipOutcomeSchema>;

/** Sound of a clip; sample values are in [-1, 1) at the stream's own rate, all channels mixed to mono. */
export const audioMetadataSchema = z.object({
  codec: z.string(),
  sampleRate: z.int().positive(),
  channels: z.int().positive(),
  /** Of the stream as it lies in the file; absent where nobody asked. */
  bytes: z.int().nonnegative().optional(),
  samples: z.int().nonnegative(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
});
/**
 * What {@link audioMetadataSchema} reads: rate in samples a second, and smallest, largest and mean sample in [-1, 1).
 */
export type AudioMetadata = z.infer<typeof audioMetadataSchema>;

/** One row of `probe`: what a clip is, before anything is computed from it. Of sound alone the picture's fields are null. */
export const clipMetadataSchema = z.object({
  file: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  container: z.string(),
  videoCodec: z.string().nullable(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  /** Frames a second as the container states them. */
  fps: z.number().positive().nullable(),
  /** Frames as counted by reading the packets, or as the container states them where that is exact; 0 for sound alone. */
  frames: z.int().nonnegative(),
  durationSeconds: z.number().nonnegative(),
  /** ISO 8601, from the container's own tags; null when it has none (a file's modification time is never used). */
  capturedAt: z.string().nullable(),
  audio: audioMetadataSchema.nullable(),
});
/** What {@link clipMetadataSchema} reads: size in bytes and pixels, length in frames and seconds. */
export type ClipMetadata = z.infer<typeof clipMetadataSchema>;
