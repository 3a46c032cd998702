import { accuracy, averagePrecision, confusionMatrix, logLossPerClass, topK } from '@primatrix/metrics';
import { matchClasses } from './class-columns.ts';
import { DatasetError } from './dataset-error.ts';
import type { LabelTable } from './labels.ts';
import type { PredictionTable } from './predictions.ts';

/** How good a predictions table is. Ready for JSON. */
export interface Score {
  /** The competition's: mean over classes of binary log loss, probabilities clipped to [1e-15, 1 - 1e-15]. */
  readonly logLoss: number;
  /** Log loss by class name. */
  readonly perClass: Readonly<Record<string, number>>;
  /** Share of clips whose highest prediction is a class they have. */
  readonly accuracy: number;
  /** The same for one of the three highest, or of all where there are fewer classes. */
  readonly top3: number;
  /** By class name; null for a class that no scored clip has. */
  readonly averagePrecision: Readonly<Record<string, number | null>>;
  /** Mean of `averagePrecision` over the classes that have one. */
  readonly meanAveragePrecision: number;
  /** `counts[true][predicted]`, both in the order of `classes`. */
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] };
  /** Number of clips that count in the figures above. */
  readonly scored: number;
  /** Labelled clips without prediction: they count in no figure. */
  readonly unscored: readonly string[];
  /** Predicted clips without labels. */
  readonly unlabelled: readonly string[];
}

/**
 * Scores predictions against labels, clip by name and class by name, in any order.
 * @throws DatasetError when a class is missing or unknown (it is named), or no labelled clip has a prediction
 */
export function score({ labels, predictions }: { readonly labels: LabelTable; readonly predictions: PredictionTable }): Score {
  const { classes } = labels;
  const width = classes.length;
  const source = matchClasses(classes, predictions.classes, 'the predictions');
  const rowOf = new Map(predictions.filenames.map((filename, row) => [filename, row]));
  const unscored: string[] = [];
  const truth: number[] = [];
  const predicted: number[] = [];
  labels.filenames.forEach((filename, row) => {
    const at = rowOf.get(filename);
    if (at === undefined || Number.isNaN(predictions.probabilities[at * width])) {
      unscored.push(filename);
      return;
    }
    truth.push(row);
    predicted.push(at);
  });
  if (truth.length === 0) {
    const example = `${labels.filenames[0] ?? 'no clip'} among the labels, ${predictions.filenames[0] ?? 'no clip'} among the predictions`;
    throw new DatasetError('SCORE_EMPTY', `no labelled clip has a prediction: ${example}`, undefined, 'Filenames must be spelt alike in both tables.');
  }
  const scored = {
    classes,
    labels: new Uint8Array(truth.length * width),
    predictions: new Float64Array(truth.length * width),
  };
  truth.forEach((row, index) => {
    scored.labels.set(labels.labels.subarray(row * width, (row + 1) * width), index * width);
    source.forEach((column, c) => {
      scored.predictions[index * width + c] = predictions.probabilities[(predicted[index] as number) * width + column] as number;
    });
  });
  return { ...figures(scored), scored: truth.length, unscored, unlabelled: withoutLabels(labels, predictions) };
}

function figures(scored: { classes: readonly string[]; labels: Uint8Array; predictions: Float64Array }) {
  const { classes } = scored;
  const perClass = logLossPerClass(scored);
  const precision = averagePrecision(scored);
  const known = precision.filter((value) => !Number.isNaN(value));
  const { counts } = confusionMatrix(scored);
  const width = classes.length;
  return {
    logLoss: mean(perClass),
    perClass: byClass(classes, [...perClass]),
    accuracy: accuracy(scored),
    top3: topK(scored, Math.min(3, width)),
    averagePrecision: byClass(classes, Array.from(precision, (value) => (Number.isNaN(value) ? null : value))),
    meanAveragePrecision: mean(known),
    confusion: { classes, counts: classes.map((_, row) => [...counts.subarray(row * width, (row + 1) * width)]) },
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function byClass<T>(classes: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(classes.map((name, c) => [name, values[c] as T]));
}

function withoutLabels(labels: LabelTable, predictions: PredictionTable): string[] {
  const labelled = new Set(labels.filenames);
  return predictions.filenames.filter((filename) => !labelled.has(filename));
}
