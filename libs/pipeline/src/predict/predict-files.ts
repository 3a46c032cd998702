import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestOf, removeStaleTemporaries } from '@primatrix/files';
import { Journal } from '../journal.ts';
import type { ClipPrediction } from './clip-prediction.ts';
import type { InputFile } from './list-inputs.ts';
import type { Predictor } from './predictor.ts';

interface JournalEntry {
  readonly path: string;
  /** Size and time of change: a file that was replaced since is predicted again. */
  readonly stamp: string;
  readonly prediction: ClipPrediction;
}

export interface PredictFilesOptions {
  /** Where the result will be; the journal lies beside it until then. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onClip?: (prediction: ClipPrediction, done: number, of: number) => void;
}

/** All predictions in the order of the files, and how to forget the journal once they are written. */
export interface FilePredictions {
  readonly predictions: readonly ClipPrediction[];
  readonly resumed: number;
  finish(): Promise<void>;
}

/**
 * Predicts files one by one; each is remembered as soon as it is done, so an interrupted run goes on where
 * it stopped. Every file gets exactly one prediction, failed ones included.
 */
export async function predictFiles(predictor: Predictor, files: readonly InputFile[], options: PredictFilesOptions): Promise<FilePredictions> {
  const path = join(dirname(options.out), `.${basename(options.out)}.journal`);
  await removeStaleTemporaries(dirname(options.out), { recursive: false, of: basename(options.out) });
  const journal = await Journal.open<JournalEntry>(path, digestOf({ schema: 1, bundle: predictor.digest }));
  try {
    const known = new Map(journal.entries.map((entry) => [entry.path, entry]));
    const predictions: ClipPrediction[] = [];
    let resumed = 0;
    for (const file of files) {
      options.signal.throwIfAborted();
      const stamp = await stampOf(file.path);
      const before = known.get(file.path);
      let prediction: ClipPrediction;
      // What failed before is tried again: the disk may be back.
      if (before?.stamp === stamp && before.prediction.outcome.status !== 'failed') {
        prediction = { ...before.prediction, filename: file.filename };
        resumed += 1;
      } else {
        prediction = await predictor.predict(file, options.signal);
        await journal.add({ path: file.path, stamp, prediction });
      }
      predictions.push(prediction);
      options.onClip?.(prediction, predictions.length, files.length);
    }
    return { predictions, resumed, finish: () => journal.remove() };
  } finally {
    await journal[Symbol.asyncDispose]();
  }
}

async function stampOf(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info === undefined ? 'missing' : `${info.size}-${info.mtimeNs}`;
}
