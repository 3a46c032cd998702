import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  clipFaultSchema,
  clipHeardSchema,
  clipSightingsSchema,
  clipStatusSchema,
  jsonOf,
  producerSchema,
  UsageError,
} from '@primatrix/contracts';
import { clipName, heardColumn, isInside, readPredictions, type PredictionOutcome } from '@primatrix/dataset';
import { readTable, type FeatureTable } from '@primatrix/feature-table';
import { z } from 'zod';
import type { PredictionSet } from './prediction-formats.ts';

/**
 * By class; a map, as classes are named by strangers, and not `z.record`, which passes over a class called `__proto__`.
 */
const byClass = z
  .custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'must be an object')
  .transform((value) => new Map<string, unknown>(Object.entries(value).map(([name, p]) => [name.normalize('NFC'), p])))
  .pipe(z.map(z.string(), z.number().min(0).max(1)));
const count = z.int().nonnegative().nullable();
const rowSchema = z.object({
  filename: z.string(),
  sha256: z.string().nullable(),
  status: clipStatusSchema,
  fault: clipFaultSchema.nullable(),
  reason: z.string(),
  framesDecoded: count,
  framesExpected: count,
  probabilities: byClass.nullable(),
  members: z.record(z.string(), byClass),
  padded: z.record(z.string(), z.object({ frames: z.int(), length: z.int() })),
  seen: clipSightingsSchema.optional(),
  heard: clipHeardSchema.optional(),
  producers: z.record(z.string(), producerSchema).optional(),
});
const setSchema = z.object({
  schema: z.literal(1),
  classes: z.array(z.string()).min(1),
  warnings: z.array(z.string()),
  rows: z.array(rowSchema),
});

const unknownOutcome: PredictionOutcome = {
  status: 'ok',
  fault: null,
  reason: '',
  framesDecoded: null,
  framesExpected: null,
};

/**
 * Reads predictions that `predict` wrote: `.json`, `.parquet`, anything else as CSV.
 * @throws UsageError naming file and fault
 */
export async function readPredictionSet(path: string): Promise<PredictionSet> {
  const set = await readAny(path);
  const seen = new Set<string>();
  const fault = (rule: string) =>
    new UsageError('PREDICTIONS_FILE', `${path}: these are no predictions: ${rule}`, {
      hint: 'give a file that primatrix predict wrote',
    });
  // The reader of CSV has the same rules, and says the line.
  const predictions = set.predictions.map((prediction) => {
    const filename = clipName(prediction.filename);
    if (!isInside(filename)) throw fault(`${JSON.stringify(prediction.filename)} is no path inside a folder of clips`);
    if (seen.has(filename)) throw fault(`${filename} is there twice`);
    seen.add(filename);
    return { ...prediction, filename };
  });
  return { ...set, predictions };
}

async function readAny(path: string): Promise<PredictionSet> {
  const ending = extname(path).toLowerCase();
  if (ending === '.json') return readJson(path);
  if (ending === '.parquet') return ofTable(path, await readTable(path));
  const { classes, filenames, probabilities, outcomes } = await readPredictions(path);
  return ofRows(
    classes,
    filenames.map((filename, i) => ({
      filename,
      outcome: outcomes?.[i] ?? unknownOutcome,
      values: probabilities.subarray(i * classes.length, (i + 1) * classes.length),
    })),
  );
}

async function readJson(path: string): Promise<PredictionSet> {
  let set: z.infer<typeof setSchema>;
  try {
    set = setSchema.parse(jsonOf(await readFile(path, 'utf8')));
  } catch (cause) {
    const rule =
      cause instanceof z.ZodError
        ? `${cause.issues[0]?.path.join('.')}: ${cause.issues[0]?.message}`
        : (cause as Error).message;
    throw new UsageError('PREDICTIONS_FILE', `${path}: these are no predictions in JSON: ${rule}`, {
      cause,
      hint: 'give a file that primatrix predict wrote',
    });
  }
  const { warnings, rows } = set;
  const classes = set.classes.map((name) => name.normalize('NFC'));
  const listed = (values: ReadonlyMap<string, number>) => classes.map((name) => values.get(name) ?? 0);
  return {
    classes,
    warnings,
    predictions: rows.map(
      ({ filename, sha256, probabilities, members, padded, seen, heard, producers, ...outcome }) => ({
        filename,
        sha256,
        outcome,
        probabilities: probabilities === null ? null : listed(probabilities),
        members: Object.fromEntries(Object.entries(members).map(([name, values]) => [name, listed(values)])),
        padded,
        ...(seen === undefined ? {} : { seen }),
        ...(heard === undefined ? {} : { heard }),
        ...(producers === undefined ? {} : { producers }),
      }),
    ),
  };
}

const outcomeNames = ['status', 'fault', 'reason', 'frames_decoded', 'frames_expected', heardColumn];

function ofTable(path: string, { keys, columns }: FeatureTable): PredictionSet {
  const column = (name: string) => columns.find((candidate) => candidate.name === name);
  const text = (name: string, row: number) => {
    const found = column(name);
    return found !== undefined && 'text' in found ? (found.text[row] ?? null) : null;
  };
  const frames = (name: string, row: number) => {
    const found = column(name);
    const value = found !== undefined && 'values' in found ? found.values[row] : undefined;
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const classes = columns.filter(({ name }) => !outcomeNames.includes(name) && name !== 'fold');
  const wrong = classes.find(
    (candidate) => 'text' in candidate || candidate.values.some((value) => value < 0 || value > 1),
  );
  if (wrong !== undefined || classes.length === 0) {
    throw new UsageError(
      'PREDICTIONS_FILE',
      `${path}: these are no predictions${wrong === undefined ? '' : `: column "${wrong.name}" holds no probabilities`}`,
      { hint: 'give a file that primatrix predict wrote' },
    );
  }
  const rows = keys.map((filename, row) => {
    const status = clipStatusSchema.safeParse(text('status', row) ?? 'ok');
    const fault = clipFaultSchema.nullable().safeParse(text('fault', row));
    if (!status.success || !fault.success) {
      throw new UsageError(
        'PREDICTIONS_FILE',
        `${path}: ${filename} has the status ${text('status', row)} and the fault ${text('fault', row)}, which are unknown`,
        { hint: 'give a file that primatrix predict wrote' },
      );
    }
    const outcome: PredictionOutcome = {
      status: status.data,
      fault: fault.data,
      reason: text('reason', row) ?? '',
      framesDecoded: frames('frames_decoded', row),
      framesExpected: frames('frames_expected', row),
    };
    return {
      filename,
      outcome,
      values: Float64Array.from(classes, (candidate) =>
        'values' in candidate ? (candidate.values[row] ?? Number.NaN) : Number.NaN,
      ),
    };
  });
  return ofRows(
    classes.map(({ name }) => name.normalize('NFC')),
    rows,
  );
}

function ofRows(
  classes: readonly string[],
  rows: readonly { filename: string; outcome: PredictionOutcome; values: Float64Array }[],
): PredictionSet {
  return {
    classes,
    warnings: [],
    predictions: rows.map(({ filename, outcome, values }) => ({
      filename,
      sha256: null,
      outcome,
      probabilities: values.some(Number.isNaN) ? null : [...values],
      members: {},
      padded: {},
    })),
  };
}
