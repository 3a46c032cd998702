import { stat } from 'node:fs/promises';
import { UsageError, type ClipHeard } from '@primatrix/contracts';
import { heardColumn, writePredictions, type PredictionOutcome } from '@primatrix/dataset';
import {
  packMedia,
  rowsOf,
  writeCamtrapPackage,
  writeCocoCameraTraps,
  writeMegaDetector,
  type ClipRecord,
  type ClipReview,
} from '@primatrix/exchange';
import { writeTable } from '@primatrix/feature-table';
import { writeTextAtomic } from '@primatrix/files';
import type { ClipPrediction } from '@primatrix/prediction';
import { clipRecords, software, type ExchangeContext } from './exchange-options.ts';
import { jsonParts } from './json-parts.ts';
import { Progress } from '../terminal/progress.ts';

/** Formats that predictions are written in: our own, and other tools'. */
export const predictionFormats = ['csv', 'parquet', 'json', 'camtrap-dp', 'megadetector', 'coco-camera-traps'] as const;
export type PredictionFormat = (typeof predictionFormats)[number];

/** Predictions as a file tells them, or as they were just made. */
export interface PredictionSet {
  readonly classes: readonly string[];
  /** What must be said wherever they are shown. */
  readonly warnings: readonly string[];
  readonly predictions: readonly (Omit<ClipPrediction, 'outcome'> & { readonly outcome: PredictionOutcome })[];
}

/** What formats of other tools need to know besides. */
export interface ExchangeFacts extends ExchangeContext {
  /** Path of a clip's file; undefined where it is not at hand. */
  readonly pathOf: (filename: string) => string | undefined;
  /** Name and version of the ensemble, as far as known. */
  readonly classifier: string;
  /** Whether the predictions were made just now. */
  readonly fresh: boolean;
  /** What people decided, by filename; goes before what was predicted. */
  readonly reviews?: ReadonlyMap<string, ClipReview> | undefined;
  /** Puts the clips into a Camtrap DP package, people on them blurred unless `showPeople` is set; absent: tables alone. */
  readonly media?: { readonly showPeople: boolean } | undefined;
  readonly signal: AbortSignal;
  /** Is told what of clips and tables does not belong together: sentences for people. */
  readonly say?: ((sentence: string) => void) | undefined;
}

/** @throws UsageError where a format's result cannot go to `out`: `camtrap-dp` is a folder, all others are files */
export async function checkOut(command: string, out: string, format: PredictionFormat): Promise<void> {
  const there = await stat(out).catch(() => undefined);
  if (there === undefined) return;
  if (format === 'camtrap-dp' && !there.isDirectory()) {
    throw new UsageError('PREDICT_OUT', `${command}: --out must name a folder for ${format}, got the file ${out}`);
  }
  if (format !== 'camtrap-dp' && there.isDirectory()) {
    throw new UsageError('PREDICT_OUT', `${command}: --out must name a file, got the folder ${out}`);
  }
}

/**
 * Writes predictions; one row a clip, failed ones included. A file appears whole or not at all.
 * @returns what had to be assumed: sentences for people
 */
export async function writeResult(
  path: string,
  format: PredictionFormat,
  set: PredictionSet,
  facts: ExchangeFacts,
): Promise<readonly string[]> {
  if (format === 'csv') await writeCsv(path, set);
  else if (format === 'json') await writeJson(path, set);
  else if (format === 'parquet') await writeParquet(path, set);
  else return writeExchange(path, format, set, facts);
  return [];
}

async function writeExchange(
  path: string,
  format: 'camtrap-dp' | 'megadetector' | 'coco-camera-traps',
  { classes, predictions, warnings: caveats }: PredictionSet,
  facts: ExchangeFacts,
): Promise<readonly string[]> {
  const { pathOf, signal, classifier, fresh } = facts;
  const reviews = rowsOf(
    predictions.map(({ filename }) => filename),
    facts.reviews,
    { of: 'decisions', whole: false, say: facts.say },
  );
  const records = (await clipRecords(predictions, pathOf, facts, signal)).map((record, i) => ({
    ...record,
    review: reviews[i],
  }));
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const unread = records.filter(({ media, outcome }) => media === null && outcome.status !== 'failed').length;
  const warnings =
    unread > 0
      ? [
          `${unread} of ${records.length} clips could not be read again: their length, frame rate${format === 'megadetector' ? ' (1 stands for it)' : ''} and container's time are missing: name their folder with --clips`,
        ]
      : [];
  if (format === 'camtrap-dp') {
    // Before the tables: they say what the package holds.
    const packed = await withMedia(path, records, { classes, predictions }, facts);
    return [
      ...warnings,
      ...packed.warnings,
      ...(await writeCamtrapPackage(path, packed.records, classes, {
        ...facts,
        caveats,
        created: now,
        software,
        classifiedBy: classifier,
        classifiedAt: fresh ? now : undefined,
      })),
    ];
  }
  if (format === 'megadetector') {
    await writeMegaDetector(path, records, classes, {
      ...facts,
      caveats,
      completedAt: fresh ? now.slice(0, 19).replace('T', ' ') : undefined,
    });
  } else await writeCocoCameraTraps(path, records, classes, { ...facts, caveats, created: now });
  return warnings;
}

async function withMedia(
  folder: string,
  records: readonly ClipRecord[],
  { classes, predictions }: Pick<PredictionSet, 'classes' | 'predictions'>,
  { media, ...facts }: ExchangeFacts,
): Promise<{ readonly records: readonly ClipRecord[]; readonly warnings: readonly string[] }> {
  if (media === undefined) return { records, warnings: [] };
  const digests = new Map(predictions.map(({ filename, sha256 }) => [filename, sha256]));
  const progress = new Progress('copy clips');
  try {
    return await packMedia(folder, records, classes, {
      ...{ ...facts, ...media },
      digestOf: (filename) => digests.get(filename) ?? null,
      onClip: (done, of) => progress.update(done / of),
    });
  } finally {
    progress.clear();
  }
}

async function writeJson(path: string, { classes, warnings, predictions }: PredictionSet): Promise<void> {
  const rowOf = ({
    filename,
    sha256,
    outcome,
    probabilities,
    members,
    padded,
    seen,
    heard,
    producers,
  }: PredictionSet['predictions'][number]) => ({
    filename,
    sha256,
    ...outcome,
    probabilities: named(classes, probabilities),
    members: Object.fromEntries(Object.entries(members).map(([name, values]) => [name, named(classes, values)])),
    padded,
    ...(seen === undefined ? {} : { seen }),
    ...(heard === undefined ? {} : { heard }),
    ...(producers === undefined ? {} : { producers }),
  });
  await writeTextAtomic(path, jsonParts({ schema: 1, classes, warnings }, 'rows', predictions, rowOf));
}

export async function writeCsv(path: string, { classes, predictions }: PredictionSet): Promise<void> {
  await writePredictions(path, {
    classes,
    filenames: predictions.map(({ filename }) => filename),
    probabilities: Float64Array.from(
      predictions.flatMap(({ probabilities }) => probabilities ?? classes.map(() => Number.NaN)),
    ),
    outcomes: predictions.map(({ outcome }) => outcome),
    ...(someHeard(predictions) ? { heard: predictions.map(({ heard }) => heardText(heard)) } : {}),
  });
}

async function writeParquet(path: string, { classes, predictions }: PredictionSet): Promise<void> {
  await writeTable(path, {
    keys: predictions.map(({ filename }) => filename),
    columns: [
      { name: 'status', text: predictions.map(({ outcome }) => outcome.status) },
      { name: 'fault', text: predictions.map(({ outcome }) => outcome.fault) },
      { name: 'reason', text: predictions.map(({ outcome }) => outcome.reason || null) },
      {
        name: 'frames_decoded',
        values: Float64Array.from(predictions, ({ outcome }) => outcome.framesDecoded ?? Number.NaN),
      },
      {
        name: 'frames_expected',
        values: Float64Array.from(predictions, ({ outcome }) => outcome.framesExpected ?? Number.NaN),
      },
      ...classes.map((name, i) => ({
        name,
        values: Float64Array.from(predictions, ({ probabilities }) => probabilities?.[i] ?? Number.NaN),
      })),
      ...(someHeard(predictions)
        ? [{ name: heardColumn, text: predictions.map(({ heard }) => heardText(heard) || null) }]
        : []),
    ],
  });
}

function someHeard(predictions: PredictionSet['predictions']): boolean {
  return predictions.some(({ heard }) => heard !== undefined);
}

/** `Bird 0.91 (0–10 s, 20–30 s); Rain 0.32 (0–10 s)`; empty where nothing was heard. */
function heardText(heard: ClipHeard | undefined): string {
  const seconds = (value: number) => `${Math.round(value * 10) / 10}`;
  return (heard?.sounds ?? [])
    .map(({ name, score, times }) => {
      const when = times.map(({ from, to }) => `${seconds(from)}–${seconds(to)} s`).join(', ');
      return `${name} ${score.toFixed(2)} (${when})`;
    })
    .join('; ');
}

function named(classes: readonly string[], values: readonly number[] | null): Record<string, number> | null {
  return values === null ? null : Object.fromEntries(classes.map((name, i) => [name, values[i] ?? 0]));
}
