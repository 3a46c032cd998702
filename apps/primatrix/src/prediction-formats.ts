import { writePredictions } from '@primatrix/dataset';
import { writeTable } from '@primatrix/feature-table';
import { writeFileAtomic } from '@primatrix/files';
import type { BundleManifest, ClipPrediction } from '@primatrix/pipeline';

/** Formats that `predict --format` writes. */
export const predictionFormats = ['csv', 'parquet', 'json'] as const;
export type PredictionFormat = (typeof predictionFormats)[number];

/** Writes predictions to a file, whole or not at all; one row a clip, failed ones included. */
export async function writeResult(
  path: string,
  format: PredictionFormat,
  manifest: BundleManifest,
  warnings: readonly string[],
  predictions: readonly ClipPrediction[],
): Promise<void> {
  const { classes } = manifest;
  if (format === 'json') {
    const rows = predictions.map(({ filename, sha256, outcome, probabilities, members, padded, producers }) => ({
      filename, sha256, ...outcome, probabilities: named(classes, probabilities), members: Object.fromEntries(Object.entries(members).map(([name, values]) => [name, named(classes, values)])), padded, ...(producers === undefined ? {} : { producers }),
    }));
    await writeFileAtomic(path, `${JSON.stringify({ schema: 1, classes, warnings, rows }, null, 2)}\n`);
    return;
  }
  const filenames = predictions.map((prediction) => prediction.filename);
  if (format === 'csv') {
    await writePredictions(path, {
      classes,
      filenames,
      probabilities: Float64Array.from(predictions.flatMap(({ probabilities }) => probabilities ?? classes.map(() => Number.NaN))),
      outcomes: predictions.map(({ outcome }) => outcome),
    });
    return;
  }
  await writeTable(path, {
    keys: filenames,
    columns: [
      { name: 'status', text: predictions.map(({ outcome }) => outcome.status) },
      { name: 'fault', text: predictions.map(({ outcome }) => outcome.fault) },
      { name: 'reason', text: predictions.map(({ outcome }) => outcome.reason || null) },
      { name: 'frames_decoded', values: Float64Array.from(predictions, ({ outcome }) => outcome.framesDecoded) },
      { name: 'frames_expected', values: Float64Array.from(predictions, ({ outcome }) => outcome.framesExpected ?? Number.NaN) },
      ...classes.map((name, i) => ({ name, values: Float64Array.from(predictions, ({ probabilities }) => probabilities?.[i] ?? Number.NaN) })),
    ],
  });
}

function named(classes: readonly string[], values: readonly number[] | null): Record<string, number> | null {
  return values === null ? null : Object.fromEntries(classes.map((name, i) => [name, values[i] ?? 0]));
}
