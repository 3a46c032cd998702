import { UsageError } from '@primatrix/contracts';

/** What every score is computed from: one row a clip, one column a class, both arrays row-major [n, classes]. */
export interface ScoredPredictions {
  /** Class names, in column order; at least one. They name columns in errors. */
  readonly classes: readonly string[];
  /** Probabilities in [0, 1]. */
  readonly predictions: Float64Array | Float32Array;
  /** 1 where the class is present, else 0; several classes a row may be. */
  readonly labels: Uint8Array;
}

/** Which rule an input of a score broke. */
export type MetricsErrorCode = 'METRICS_SHAPE' | 'METRICS_PREDICTION' | 'METRICS_LABEL' | 'METRICS_ARGUMENT';

/** A score was asked for from arrays that cannot be scored; `fields` name row (from 0) and class where there is one. */
export class MetricsError extends UsageError {
  declare readonly code: MetricsErrorCode;
}

/**
 * Number of rows, once it is sure that they can be scored.
 * @throws MetricsError when lengths do not match, there is no row, a label is not 0 or 1, or a prediction is NaN or outside [0, 1]
 */
export function checkedRows({ classes, predictions, labels }: ScoredPredictions): number {
  const columns = classes.length;
  if (columns === 0) {
    throw new MetricsError('METRICS_SHAPE', 'metrics: a score needs at least one class, got none');
  }
  if (predictions.length !== labels.length || predictions.length % columns !== 0) {
    throw new MetricsError(
      'METRICS_SHAPE',
      `metrics: predictions and labels must both be [rows, ${columns}], got ${predictions.length} and ${labels.length} values`,
      { fields: { classes: columns, predictions: predictions.length, labels: labels.length } },
    );
  }
  if (predictions.length === 0) {
    throw new MetricsError('METRICS_SHAPE', 'metrics: a score needs at least one row, got none');
  }
  for (let i = 0; i < predictions.length; i++) {
    const p = predictions[i] as number;
    // Written so that NaN fails too.
    if (!(p >= 0 && p <= 1)) {
      throw cellError('METRICS_PREDICTION', 'a prediction must be a probability in [0, 1]', i, classes, p);
    }
    const label = labels[i] as number;
    if (label > 1) throw cellError('METRICS_LABEL', 'a label must be 0 or 1', i, classes, label);
  }
  return predictions.length / columns;
}

function cellError(
  code: MetricsErrorCode,
  rule: string,
  cell: number,
  classes: readonly string[],
  got: number,
): MetricsError {
  const row = Math.floor(cell / classes.length);
  const name = classes[cell % classes.length] as string;
  return new MetricsError(code, `metrics: row ${row}, class "${name}": ${rule}, got ${got}`, {
    fields: { row, class: name, value: String(got) },
  });
}
