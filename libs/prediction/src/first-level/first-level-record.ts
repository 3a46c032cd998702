import {
  clipHeardSchema,
  clipMetadataSchema,
  clipOutcomeSchema,
  clipSightingsSchema,
  missingPartSchema,
  producerSchema,
  type ClipMetadata,
  type ClipOutcome,
} from '@primatrix/contracts';
import type { ClipFeatures } from '@primatrix/families';
import { z } from 'zod';
import type { InputFile } from '../inputs/list-inputs.ts';

/** What the first level says of one input file: all that the second level reads. JSON, a few kB. */
export const firstLevelRecordSchema = z.object({
  filename: z.string(),
  /** Where and when the clip was taken; null is unknown. The time is ISO 8601. */
  site: z.string().nullable(),
  capturedAt: z.string().nullable(),
  /** The file's modification time, ISO 8601; only bundles of the competition profile look at it. */
  modifiedAt: z.string().nullable(),
  /** What puts it before and after others instead of either; null: nothing is known; absent: nobody asked for that. */
  orderedAt: z.string().nullable().optional(),
  outcome: clipOutcomeSchema,
  /** Null where the file could not be probed; its `file` is the filename. */
  metadata: clipMetadataSchema.nullable(),
  /** Summary numbers by feature; null is missing. A family for which the clip lacks pictures or sound is left out. */
  rows: z.record(z.string(), z.record(z.string(), z.number().nullable())),
  /** [classes] by net: the mean over its folds. */
  nets: z.record(z.string(), z.array(z.number())),
  /** Nets that had to fill the clip up, with the frames that it had and that they look at. */
  padded: z.record(z.string(), z.object({ frames: z.int(), length: z.int() })),
  /** What a detector saw; absent where none looked. */
  seen: clipSightingsSchema.optional(),
  /** What stays in the picture: 9 x 16 greys, base64; absent where nobody looked. */
  backdrop: z.string().optional(),
  /** What was heard beside that; absent where nothing listened, or there was no sound. */
  heard: clipHeardSchema.optional(),
  /** Who made what, by part of the bundle; absent where one process made all of it from the bundle. */
  producers: z.record(z.string(), producerSchema).optional(),
  /** Families that are missing, and by whose policy; absent where none is. */
  without: z.record(z.string(), missingPartSchema).optional(),
});
/** What the first level came to for one clip: its outcome and facts, and what each net says, [classes] each. */
export type FirstLevelRecord = z.infer<typeof firstLevelRecordSchema>;

/** What was made of a clip, whoever made it. */
export interface FirstLevelParts {
  readonly outcome: ClipOutcome;
  readonly metadata: ClipMetadata | null;
  readonly modifiedAt: Date | null;
  /** By feature; of the tensors nothing is kept. */
  readonly features?: ReadonlyMap<string, ClipFeatures>;
  readonly nets?: ReadonlyMap<string, Float64Array>;
  readonly padded?: FirstLevelRecord['padded'];
  /** [9 * 16] greys. */
  readonly backdrop?: Uint8Array | undefined;
}

/** Puts a record together. It is the same whether it was just made or read back from JSON. */
export function firstLevelRecord(
  file: InputFile,
  { outcome, metadata, modifiedAt, features, nets, padded = {}, backdrop }: FirstLevelParts,
): FirstLevelRecord {
  return {
    filename: file.filename,
    site: file.site ?? null,
    capturedAt: file.capturedAt?.toISOString() ?? statedTime(metadata?.capturedAt, file.namedAt),
    modifiedAt: modifiedAt?.toISOString() ?? null,
    ...(file.orderedAt === undefined ? {} : { orderedAt: file.orderedAt?.toISOString() ?? null }),
    outcome,
    metadata: metadata === null ? null : { ...metadata, file: file.filename },
    rows: Object.fromEntries([...(features ?? [])].map(([feature, { row }]) => [feature, finiteRow(row)])),
    nets: Object.fromEntries([...(nets ?? [])].map(([net, probabilities]) => [net, [...probabilities]])),
    padded,
    ...(backdrop === undefined ? {} : { backdrop: Buffer.from(backdrop).toString('base64') }),
  };
}

/** What the file says goes before what its name says, unless the name alone has a time of day. */
function statedTime(inside: string | null | undefined, named: string | undefined): string | null {
  const hasHour = (time: string | undefined) => time !== undefined && time.includes('T');
  return (hasHour(inside ?? undefined) || !hasHour(named) ? inside : undefined) ?? named ?? null;
}

/** The record of the same clip under the name, site and time that it has now. */
export function renamedRecord(record: FirstLevelRecord, file: InputFile): FirstLevelRecord {
  const { metadata, modifiedAt, outcome, rows, nets, padded, seen, heard, backdrop, producers, without } = record;
  return {
    ...firstLevelRecord(file, { outcome, metadata, modifiedAt: null, padded }),
    modifiedAt,
    rows,
    nets,
    ...(seen === undefined ? {} : { seen }),
    ...(backdrop === undefined ? {} : { backdrop }),
    ...(heard === undefined ? {} : { heard }),
    ...(producers === undefined ? {} : { producers }),
    ...(without === undefined ? {} : { without }),
  };
}

/** A row as JSON can hold it: NaN, which is missing, becomes null. */
export function finiteRow(row: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}
