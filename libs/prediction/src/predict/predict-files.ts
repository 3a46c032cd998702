import { basename, dirname, join } from 'node:path';
import { type LinePlace, removeStaleTemporaries, stampOf } from '@primatrix/files';
import { renamedRecord, type FirstLevelRecord } from '../first-level/first-level-record.ts';
import { neighbourClip, type NeighbourClip } from '../first-level/first-level-records.ts';
import { keptRecordSchema, keptRecordsKey, type KeptRecord } from '../first-level/kept-records.ts';
import type { InputFile } from '../inputs/list-inputs.ts';
import { forEachConcurrently } from '../work/concurrency.ts';
import { Journal } from '../work/journal.ts';
import type { ClipPrediction } from './clip-prediction.ts';
import type { Predictor } from './predictor.ts';

/** Where the results of a prediction go, and how it is followed and stopped. */
export interface PredictFilesOptions {
  /** Where the result will be; the journal lies beside it until then. */
  readonly out: string;
  /** Where the first level's records are kept when all is done, for a re-fit of the second level; default: nowhere. */
  readonly records?: string;
  readonly signal: AbortSignal;
  /** Clips whose first level is under way at once; default 1. */
  readonly atOnce?: number;
  /** After each clip's first level, which is nearly all of the work. */
  readonly onClip?: (record: FirstLevelRecord, done: number, of: number) => void;
}

/** What predicts: a {@link Predictor}, what asks services for the same, or models without a bundle. */
export interface ClipPredictor extends Pick<Predictor, 'digest' | 'firstLevel' | 'secondLevel'> {
  readonly manifest: Pick<Predictor['manifest'], 'classes' | 'refit'> & {
    readonly neighbours: Pick<Predictor['manifest']['neighbours'], 'nets'>;
  };
}

/** All predictions in the order of the files, and how to forget the journal once they are written. */
export interface FilePredictions {
  readonly predictions: readonly ClipPrediction[];
  readonly resumed: number;
  finish(): Promise<void>;
}

/** What is known in memory of a clip that an earlier run finished; its record stays in the journal. */
interface Known {
  readonly stamp: string;
  readonly place: LinePlace;
}

/** Records that are read from the journal at once. */
const readsAtOnce = 64;

/**
 * Predicts files: the first level one by one, each remembered as soon as it is done, so an interrupted run goes on where
 * it stopped; then the second level over all of them. Every file gets exactly one prediction, failed ones included.
 * A record of a few kB is in memory only while it is worked on; for all clips only what their neighbours read.
 */
export async function predictFiles(
  predictor: ClipPredictor,
  files: readonly InputFile[],
  options: PredictFilesOptions,
): Promise<FilePredictions> {
  const path = join(dirname(options.out), `.${basename(options.out)}.journal`);
  await removeStaleTemporaries(dirname(options.out), { recursive: false, of: basename(options.out) });
  const known = new Map<string, Known>();
  const journal = await Journal.open<KeptRecord>(path, keptRecordsKey(predictor), (entry, place) => {
    const { success, data } = keptRecordSchema.safeParse(entry);
    if (!success) return;
    // What failed before is tried again: the disk may be back.
    if (data.record.outcome.status === 'failed') known.delete(data.path);
    else known.set(data.path, { stamp: data.stamp, place });
  });
  try {
    const { nets } = predictor.manifest.neighbours;
    const clips: NeighbourClip[] = [];
    const places: LinePlace[] = [];
    let resumed = 0;
    let done = 0;
    await forEachConcurrently([...files.entries()], options.atOnce ?? 1, options.signal, async ([i, file]) => {
      const stamp = file.stamp ?? (await stampOf(file.path));
      const before = known.get(file.path);
      let record: FirstLevelRecord;
      if (before?.stamp === stamp) {
        record = renamedRecord((await journal.read(before.place)).record, file);
        places[i] = before.place;
        resumed += 1;
      } else {
        record = await predictor.firstLevel(file, options.signal);
        places[i] = await journal.add({ path: file.path, stamp, record });
      }
      clips[i] = neighbourClip(record, nets);
      options.onClip?.(record, ++done, files.length);
    });
    known.clear();
    const read = async (start: number, end: number) => {
      const records: FirstLevelRecord[] = [];
      await forEachConcurrently(
        [...files.slice(start, end).entries()],
        readsAtOnce,
        options.signal,
        async ([i, file]) => {
          records[i] = renamedRecord((await journal.read(places[start + i] as LinePlace)).record, file);
        },
      );
      return records;
    };
    const predictions = await predictor.secondLevel({ clips, read }, options.signal);
    if (options.records !== undefined) await journal.copyTo(options.records);
    return { predictions, resumed, finish: () => journal.remove() };
  } finally {
    await journal[Symbol.asyncDispose]();
  }
}
