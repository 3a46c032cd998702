import type { ClipHeard, ClipMetadata, ClipOutcome, ClipSightings } from '@primatrix/contracts';
import { captureTime } from '@primatrix/dataset';
import { clipPredictionSchema } from '@primatrix/prediction';
import type { ClipState, ClipSummary, Ranked, Review, TimeOrigin } from '@primatrix/review-api';
import { z } from 'zod';
import type { Suggestion } from '../suggestions/suggest-messages.ts';

/** A clip of the project, as the log of clips has it. */
const projectClipSchema = z.object({
  id: z.string(),
  /** Its name in the project, unique: in exports, too. */
  filename: z.string(),
  path: z.string(),
  site: z.string().nullable(),
  /** What a table says, ISO 8601, with a zone where it states one; null where none does. */
  capturedAt: z.string().nullable(),
  /** What a table says; degrees, WGS84. */
  coordinates: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
});
export type ProjectClip = z.infer<typeof projectClipSchema>;

/** In the same log: a clip left the project, until it is added again. */
const removalSchema = z.object({
  id: z.string(),
  /** When, ISO 8601. */
  removed: z.string(),
  /** Its file was deleted, too: what was said of it holds for no other. */
  deleted: z.literal(true).optional(),
});
export type Removal = z.infer<typeof removalSchema>;

/** In the same log, of projects of before: somebody says where and when a clip was taken. */
const settingSchema = z.object({
  id: z.string(),
  /** When it was said, ISO 8601. */
  set: z.string(),
  site: z.string().nullable(),
  /** ISO 8601, with a zone where it states one; null: as the file has it. */
  capturedAt: z.string().nullable(),
});
export type Setting = z.infer<typeof settingSchema>;

/** In the same log: the file of a clip has another place and name; it is the same clip. */
const moveSchema = z.object({ id: z.string(), moved: z.string(), filename: z.string() });
/** What {@link moveSchema} reads: another place of a clip's file. */
export type Move = z.infer<typeof moveSchema>;

/** A line of the log of clips. */
export const clipEntrySchema = z.union([projectClipSchema, removalSchema, settingSchema, moveSchema]);
export type ClipEntry = z.infer<typeof clipEntrySchema>;

/** In the log of predictions: what is known of a clip is to be made again. */
export const predictAgainSchema = z.object({
  clip: z.string(),
  /** all: from the file; second-level: only what stands beside it has changed, and what is known stands until then. */
  again: z.enum(['all', 'second-level']),
});
export type PredictAgain = z.infer<typeof predictAgainSchema>;

/** What the nets alone say, until the second level has looked. */
export interface ProvisionalPrediction {
  readonly outcome: ClipOutcome;
  readonly metadata: ClipMetadata | null;
  /** ISO 8601. */
  readonly capturedAt: string | null;
  /** [classes] by net. */
  readonly nets: Readonly<Record<string, readonly number[]>>;
  /** What a detector saw; absent where none looked. */
  readonly seen?: ClipSightings | undefined;
  /** What was heard beside that; absent where nothing listened. */
  readonly heard?: ClipHeard | undefined;
}

/** What all say: one line of the log of predictions. */
export const keptPredictionSchema = z.object({
  clip: z.string(),
  prediction: clipPredictionSchema.omit({ filename: true }),
  capturedAt: z.string().nullable(),
  metadata: z
    .object({
      container: z.string(),
      videoCodec: z.string().nullable(),
      width: z.int().nullable(),
      height: z.int().nullable(),
      fps: z.number().nullable(),
      frames: z.int(),
      durationSeconds: z.number(),
      sound: z.boolean(),
    })
    .nullable(),
  /** What stays in the picture: 9 x 16 greys, base64; absent where nobody looked. */
  backdrop: z.string().optional(),
});
export type KeptPrediction = z.infer<typeof keptPredictionSchema>;
export type KeptMetadata = KeptPrediction['metadata'];

/** All that is known of a clip, in memory: about 5 kB with 24 classes and 11 members. */
export interface ClipRow extends ProjectClip {
  /** Names are sorted by this: case aside, and numbers in them as numbers. */
  readonly nameKey: string;
  /** Name and site as {@link searchText} has them: made once, as every search reads all of them. */
  searched: string;
  /** Whether its file lies among the project's uploads. */
  readonly uploaded: boolean;
  state: ClipState;
  again: PredictAgain['again'] | null;
  outcome: ClipOutcome | null;
  sha256: string | null;
  metadata: KeptMetadata;
  /** Milliseconds since 1970; NaN where unknown. */
  moment: number;
  /** What table or container state, ISO 8601. */
  statedTime: string | null;
  /** What the container states; null where that is not known, because somebody said another time before it was read. */
  fileTime: string | null;
  /** Where the time came from that somebody took over; null: a person's word, a table or the file. */
  timeFrom: TimeOrigin | null;
  /** Of the camera's clock, as it was said. */
  zone: string | null;
  /** Whether the file claims UTC and means the clock of the place. */
  localClock: boolean;
  /** [classes] */
  probabilities: Float64Array | null;
  /** [classes] each. */
  members: ReadonlyMap<string, Float64Array>;
  /** Index of the most probable class; -1 before. */
  top: number;
  confidence: number;
  disagreement: number | null;
  /** What a detector saw; null where none looked. */
  seen: ClipSightings | null;
  /** What was heard beside that; null where nothing listened, or there was no sound. */
  heard: ClipHeard | null;
  /** What stays in the picture, [9 * 16] greys; null where it is not known. */
  backdrop: Uint8Array | null;
  /** What reviewed clips suggest; null before. */
  suggestion: Suggestion | null;
  review: Review | null;
  /** What a person wrote about it; else empty. */
  note: string;
}

/** A text as searches compare it: case aside, and composed, as people type it; files of a Mac have decomposed names. */
export function searchText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Of a clip what never changes while it stays where it was taken. */
export function searchedOf({ filename, site }: Pick<ProjectClip, 'filename' | 'site'>): string {
  return searchText(`${filename}\n${site ?? ''}`);
}

/** See {@link ClipRow.nameKey}. */
export function nameKeyOf(filename: string): string {
  return filename.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'));
}

export function newRow(clip: ProjectClip, uploaded: boolean): ClipRow {
  return {
    ...clip,
    nameKey: nameKeyOf(clip.filename),
    searched: searchedOf(clip),
    uploaded,
    ...unlooked(clip),
    suggestion: null,
    timeFrom: null,
    zone: null,
    localClock: false,
    review: null,
    note: '',
  };
}

/** What is known of a clip that nobody has looked at. */
export function unlooked({
  capturedAt,
}: ProjectClip): Omit<
  ClipRow,
  | keyof ProjectClip
  | 'nameKey'
  | 'searched'
  | 'uploaded'
  | 'suggestion'
  | 'review'
  | 'note'
  | 'timeFrom'
  | 'zone'
  | 'localClock'
> {
  return {
    state: 'waiting',
    again: null,
    outcome: null,
    sha256: null,
    metadata: null,
    moment: momentOf(capturedAt),
    statedTime: capturedAt,
    fileTime: null,
    probabilities: null,
    members: new Map(),
    top: -1,
    confidence: 0,
    disagreement: null,
    seen: null,
    heard: null,
    backdrop: null,
  };
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
function ranked(row: ClipRow, classes: readonly string[], count: number): Ranked[] {
  const { probabilities } = row;
  if (probabilities === null) return [];
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b,
  );
  return order.slice(0, count).map((c) => ({ species: classes[c] ?? '', probability: probabilities[c] ?? 0 }));
}

/** An outcome that names the clip as the project does: its path is this machine's, and what is said of it leaves the machine. */
export function withoutPath(outcome: ClipOutcome, path: string, filename: string): ClipOutcome {
  return { ...outcome, reason: outcome.reason.replaceAll(path, filename) };
}

/** @param event that it is in, where a list is grouped into events */
export function summaryOf(row: ClipRow, classes: readonly string[], event: ClipSummary['event'] = null): ClipSummary {
  const {
    id,
    filename,
    path,
    site,
    moment,
    metadata,
    state,
    disagreement,
    outcome,
    review,
    note,
    uploaded,
    suggestion,
  } = row;
  return {
    id,
    filename,
    site,
    state,
    disagreement,
    suggestion:
      review !== null || suggestion === null
        ? null
        : { species: suggestion.species, probability: suggestion.probability },
    review,
    note,
    uploaded,
    event,
    capturedAt: Number.isNaN(moment) ? null : new Date(moment).toISOString(),
    durationSeconds: metadata?.durationSeconds ?? null,
    top: ranked(row, classes, 3),
    reason: outcome === null ? '' : withoutPath(outcome, path, filename).reason,
  };
}
