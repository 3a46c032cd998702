import { open } from 'node:fs/promises';
import { parsedJson } from '@primatrix/contracts';
import { digestOf, readLines } from '@primatrix/files';
import { z } from 'zod';
import { firstLevelDigest } from '../bundle/bundle-manifest.ts';
import { firstLevelRecordSchema, type FirstLevelRecord } from './first-level-record.ts';
import { neighbourClip, type NeighbourClip } from './first-level-records.ts';

/** One line of a file of first-level records: a journal of prediction, or what a review project keeps. */
export const keptRecordSchema = z.object({
  path: z.string(),
  /** Size and time of change: a file that was replaced since is looked at again. */
  stamp: z.string(),
  record: firstLevelRecordSchema,
});
/** A first-level record as it is kept beside a result, for a later re-fit. */
export type KeptRecord = z.infer<typeof keptRecordSchema>;

/** Header of a journal of prediction: records hold for every bundle of the same first level. */
export function keptRecordsKey(bundle: Parameters<typeof firstLevelDigest>[0]): string {
  return digestOf({ schema: 2, bundle: firstLevelDigest(bundle) });
}

/** Records of clips that were predicted together. */
export interface KeptRecords {
  /** What a journal says it belongs to; undefined for a file without that line. */
  readonly key: string | undefined;
  /** What neighbours read, of all clips, each name once. */
  readonly clips: readonly NeighbourClip[];
  /** Whole records of the clips wanted, by filename. */
  readonly records: ReadonlyMap<string, FirstLevelRecord>;
}

/**
 * Reads first-level records again, the last one of each clip; lines that cannot be read are passed over.
 * @param options.nets names of the nets that neighbours read
 * @param options.take the record as it is to be used, or undefined: its clip is left out
 * @param options.wanted of which clips, by filename, the whole record is wanted; of the others little stays in memory
 */
export async function readKeptRecords(
  path: string,
  {
    nets,
    take,
    wanted,
  }: {
    readonly nets: readonly string[];
    readonly take: (kept: KeptRecord) => FirstLevelRecord | undefined;
    readonly wanted: (filename: string) => boolean;
  },
): Promise<KeptRecords> {
  const clips = new Map<string, NeighbourClip>();
  const records = new Map<string, FirstLevelRecord>();
  let key: string | undefined;
  await using handle = await open(path);
  for await (const { text } of readLines(handle)) {
    const line = parsedJson(text);
    key ??= z.object({ journal: z.string() }).safeParse(line).data?.journal;
    const { success, data } = keptRecordSchema.safeParse(line);
    const record = success ? take(data) : undefined;
    if (record === undefined) continue;
    clips.set(record.filename, neighbourClip(record, nets));
    if (wanted(record.filename)) records.set(record.filename, record);
  }
  return { key, clips: [...clips.values()], records };
}
