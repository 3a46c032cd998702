import { clipFaultSchema, clipHeardSchema, clipSightingsSchema, clipStatusSchema } from '@primatrix/contracts';
import { z } from 'zod';
import { reviewSchema } from './review.ts';

/** waiting: not looked at yet; provisional: the nets have, the second level has not; predicted: all have; failed: it cannot be read. */
export const clipStates = ['waiting', 'provisional', 'predicted', 'failed'] as const;
/** One of {@link clipStates}. */
export type ClipState = (typeof clipStates)[number];

/** A species and how probable it is, 0..1. */
export const rankedSchema = z.object({ species: z.string(), probability: z.number() });
/** What {@link rankedSchema} reads: a species and how probable it is, 0..1. */
export type Ranked = z.infer<typeof rankedSchema>;

/** A clip as the grid shows it. */
export const clipSummarySchema = z.object({
  id: z.string(),
  filename: z.string(),
  site: z.string().nullable(),
  /** ISO 8601. */
  capturedAt: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  state: z.enum(clipStates),
  /** The three most probable species; empty before the nets have looked. */
  top: z.array(rankedSchema),
  /** What reviewed clips suggest, where nobody has decided; null before there are suggestions. */
  suggestion: rankedSchema.nullable(),
  /** How far the two nets that differ most lie apart on any species, 0..1; null where there are not two. */
  disagreement: z.number().nullable(),
  /** Why it failed, or what is missing of it; empty where all is well. */
  reason: z.string(),
  /** Whether its file was uploaded into the project. */
  uploaded: z.boolean(),
  review: reviewSchema.nullable(),
  /** What a person wrote about the clip, decided or not; else empty. */
  note: z.string(),
  /** In a list that is grouped into events, where several of its clips are in the list; else null. */
  event: z
    .object({
      /** Of its first clip. */
      id: z.string(),
      /** Those of its clips that pass the filters, in order of time. */
      ids: z.array(z.string()),
      /** From the first to the end of the last. */
      seconds: z.number(),
      /** Whether its clips are shown one by one; else this one stands for all. */
      open: z.boolean(),
    })
    .nullable(),
});
/** What {@link clipSummarySchema} reads: a clip as the grid shows it. */
export type ClipSummary = z.infer<typeof clipSummarySchema>;

/** A part of the clips that pass filters: those from `offset` on, in the order asked for. */
export const clipPageSchema = z.object({
  /** Places of the list: clips that pass the filters, or events of them. */
  total: z.int(),
  /** Clips that pass the filters, whether or not the list groups them. */
  ofClips: z.int(),
  offset: z.int(),
  clips: z.array(clipSummarySchema),
});
/** What {@link clipPageSchema} reads: a part of the clips that pass filters. */
export type ClipPage = z.infer<typeof clipPageSchema>;

/** A clip as its own page shows it. */
export const clipDetailSchema = clipSummarySchema.extend({
  status: clipStatusSchema.nullable(),
  /** What is wrong with it, by a code; null where all is well, or nobody has looked. */
  fault: clipFaultSchema.nullable(),
  /** What the player is to be. */
  kind: z.enum(['video', 'picture', 'sound']).nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  fps: z.number().nullable(),
  frames: z.int().nullable(),
  /** [classes] of the ensemble, or of the nets' mean while provisional. */
  probabilities: z.array(z.number()).nullable(),
  /** What a detector saw, with times and boxes; null where none looked. */
  seen: clipSightingsSchema.nullable(),
  /** What was heard beside that: no part of the probabilities; null where nothing listened, or there was no sound. */
  heard: clipHeardSchema.nullable(),
  /** [classes] by net and stacker. */
  members: z.record(z.string(), z.array(z.number())),
  /** The clips before and after at the same site, in order of time, this one among them. */
  neighbours: z.array(clipSummarySchema),
});
/** What {@link clipDetailSchema} reads: a clip as its own page shows it. */
export type ClipDetail = z.infer<typeof clipDetailSchema>;

/** How a clip moves and sounds over time. */
export const clipSignalsSchema = z.object({
  /** Bits, 0..64, in which each frame's hash differs from the last one's; [frames - 1], or the largest of each of 600 parts. */
  motion: z.array(z.number()),
  /** Loudest sample of each of 600 parts, 0..1; empty where there is no sound. */
  sound: z.array(z.number()),
  /** How long the sound is, which need not be as long as the pictures. */
  soundSeconds: z.number(),
});
/** What {@link clipSignalsSchema} reads: movement in bits of a hash, 0..64, and loudness, 0..1, over time. */
export type ClipSignals = z.infer<typeof clipSignalsSchema>;

/** How a clip sounds, by time and frequency. */
export const clipSpectrogramSchema = z.object({
  /** Equally long parts of the sound; 0 where there is none. */
  columns: z.int(),
  /** How long the sound is. */
  seconds: z.number(),
  /** Middle of each band, Hz, lowest first. */
  bandHz: z.array(z.number()),
  /** dB below full scale that the levels 0 and 255 stand for. */
  range: z.object({ quietest: z.number(), loudest: z.number() }),
  /** [columns, bands] bytes in base64: the loudest that each band gets. */
  levels: z.string(),
});
/** What {@link clipSpectrogramSchema} reads: loudness by time and frequency, bytes of [columns, bands] in base64. */
export type ClipSpectrogram = z.infer<typeof clipSpectrogramSchema>;

/** Where a clip stands among those that pass filters; null index where it does not pass them itself. */
export const clipPlaceSchema = z.object({
  index: z.int().nullable(),
  total: z.int(),
  previous: z.string().nullable(),
  next: z.string().nullable(),
});
/** What {@link clipPlaceSchema} reads: where a clip stands among those that pass filters, from 0. */
export type ClipPlace = z.infer<typeof clipPlaceSchema>;
