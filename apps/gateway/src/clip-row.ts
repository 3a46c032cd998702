import type { ClipMetadata, ClipOutcome } from '@primatrix/contracts';
import { captureTime } from '@primatrix/dataset';
import { clipPredictionSchema } from '@primatrix/pipeline';
import type { ClipState, ClipSummary, Ranked, Review } from '@primatrix/review-api';
import { z } from 'zod';

/** A clip of the project, as the log of clips has it. */
export const projectClipSchema = z.object({
  id: z.string(),
  /** Its name in the project, unique: in exports, too. */
  filename: z.string(),
  path: z.string(),
  site: z.string().nullable(),
  /** What a table says, ISO 8601; null where none does. */
  capturedAt: z.string().nullable(),
});
export type ProjectClip = z.infer<typeof projectClipSchema>;

/** What the nets alone say, until the second level has looked. */
export interface ProvisionalPrediction {
  readonly outcome: ClipOutcome;
  readonly metadata: ClipMetadata | null;
  /** ISO 8601. */
  readonly capturedAt: string | null;
  /** [classes] by net. */
  readonly nets: Readonly<Record<string, readonly number[]>>;
}

/** What all say: one line of the log of predictions. */
export const keptPredictionSchema = z.object({
  clip: z.string(),
  prediction: clipPredictionSchema.omit({ filename: true }),
  capturedAt: z.string().nullable(),
  metadata: z.object({ container: z.string(), videoCodec: z.string().nullable(), width: z.int().nullable(), height: z.int().nullable(), fps: z.number().nullable(), frames: z.int(), durationSeconds: z.number(), sound: z.boolean() }).nullable(),
});
export type KeptPrediction = z.infer<typeof keptPredictionSchema>;
export type KeptMetadata = KeptPrediction['metadata'];

/** All that is known of a clip, in memory: about 5 kB with 24 classes and 11 members. */
export interface ClipRow extends ProjectClip {
  /** Names are sorted by this: case aside, and numbers in them as numbers. */
  readonly nameKey: string;
  state: ClipState;
  outcome: ClipOutcome | null;
  sha256: string | null;
  metadata: KeptMetadata;
  /** Milliseconds since 1970; NaN where unknown. */
  moment: number;
  /** [classes] */
  probabilities: Float64Array | null;
  /** [classes] each. */
  members: ReadonlyMap<string, Float64Array>;
  /** Index of the most probable class; -1 before. */
  top: number;
  confidence: number;
  disagreement: number | null;
  review: Review | null;
}

export function newRow(clip: ProjectClip): ClipRow {
  return { ...clip, nameKey: clip.filename.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0')), state: 'waiting', outcome: null, sha256: null, metadata: null, moment: momentOf(clip.capturedAt), probabilities: null, members: new Map(), top: -1, confidence: 0, disagreement: null, review: null };
}

/** Milliseconds since 1970, or NaN. */
export function momentOf(capturedAt: string | null): number {
  return captureTime(capturedAt ?? '')?.getTime() ?? Number.NaN;
}

/** Keeps of a clip's metadata what pages show. */
export function keptMetadata(metadata: ClipMetadata | null): KeptMetadata {
  if (metadata === null) return null;
  const { container, videoCodec, width, height, fps, frames, durationSeconds, audio } = metadata;
  return { container, videoCodec, width, height, fps, frames, durationSeconds, sound: audio !== null };
}

/** The classes with the highest probabilities, highest first; the first of equals. */
export function ranked(row: ClipRow, classes: readonly string[], count: number): Ranked[] {
  const { probabilities } = row;
  if (probabilities === null) return [];
  const order = Array.from(probabilities.keys()).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
  return order.slice(0, count).map((c) => ({ species: classes[c] ?? '', probability: probabilities[c] ?? 0 }));
}

/** An outcome that names the clip as the project does: its path is this machine's, and what is said of it leaves the machine. */
export function withoutPath(outcome: ClipOutcome, path: string, filename: string): ClipOutcome {
  return { ...outcome, reason: outcome.reason.replaceAll(path, filename) };
}

export function summaryOf(row: ClipRow, classes: readonly string[]): ClipSummary {
  const { id, filename, path, site, moment, metadata, state, disagreement, outcome, review } = row;
  return {
    id, filename, site, state, disagreement, review,
    capturedAt: Number.isNaN(moment) ? null : new Date(moment).toISOString(),
    durationSeconds: metadata?.durationSeconds ?? null,
    top: ranked(row, classes, 3),
    reason: outcome === null ? '' : withoutPath(outcome, path, filename).reason,
  };
}
