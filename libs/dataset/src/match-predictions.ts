import type { ScoredPredictions } from '@primatrix/metrics';
import { matchClasses } from './class-columns.ts';
import { DatasetError } from './dataset-error.ts';
import { joinTable } from './join-table.ts';
import type { LabelTable } from './labels.ts';
import type { PredictionTable } from './predictions.ts';

/** Predictions beside the labels of the same clips. */
export interface MatchedPredictions {
  /** Rows as `filenames`, classes in the labels' order. */
  readonly scored: ScoredPredictions;
  /** In the labels' order. */
  readonly filenames: readonly string[];
  /** Labelled clips whose row has no prediction, because they failed. */
  readonly unscored: readonly string[];
  /** Predicted clips without labels. */
  readonly unlabelled: readonly string[];
}

/**
 * Puts predictions beside labels, clip by name as {@link joinTable} finds it and class by name, in any order.
 * @throws DatasetError when a class is missing or unknown, a labelled clip has no row (they are named), or no clip has a prediction
 */
export function matchPredictions(labels: LabelTable, predictions: PredictionTable): MatchedPredictions {
  const { classes } = labels;
  const width = classes.length;
  const source = matchClasses(classes, predictions.classes, 'the predictions');
  const {
    rows,
    without: missing,
    unknown,
    ambiguous,
  } = joinTable(labels.filenames, new Map(predictions.filenames.map((filename, row) => [filename, row])));
  const spelling =
    ambiguous.length > 0
      ? 'Several clips have the same base name: write their paths in both tables.'
      : 'Filenames must be spelt alike in both tables; one may have paths where the other has base names.';
  if (missing.length === labels.filenames.length) {
    const example = `${missing[0] ?? 'no clip'} among the labels, ${predictions.filenames[0] ?? 'no clip'} among the predictions`;
    throw new DatasetError('SCORE_EMPTY', `no labelled clip has a prediction: ${example}`, undefined, spelling);
  }
  if (missing.length > 0) {
    const named = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}`;
    throw new DatasetError(
      'SCORE_ROWS',
      `the predictions have no row for ${missing.length} of ${labels.filenames.length} labelled clips: ${named}`,
      undefined,
      'Predict them too, or take them out of the labels; a clip that could not be predicted has a row with status "failed".',
      { fields: { missing: missing.length } },
    );
  }
  const there = labels.filenames.map((filename, row) => ({ filename, row, at: rows[row] as number }));
  const scoredRows = there.filter(({ at }) => !Number.isNaN(predictions.probabilities[at * width]));
  if (scoredRows.length === 0) {
    throw new DatasetError(
      'SCORE_EMPTY',
      'no labelled clip has a prediction: all have failed',
      undefined,
      'The reasons are in the column "reason" of the predictions.',
    );
  }
  const scored = {
    classes,
    labels: new Uint8Array(scoredRows.length * width),
    predictions: new Float64Array(scoredRows.length * width),
  };
  scoredRows.forEach(({ row, at }, index) => {
    scored.labels.set(labels.labels.subarray(row * width, (row + 1) * width), index * width);
    source.forEach(
      (column, c) => (scored.predictions[index * width + c] = predictions.probabilities[at * width + column] as number),
    );
  });
  const kept = new Set(scoredRows.map(({ filename }) => filename));
  return {
    scored,
    filenames: [...kept],
    unscored: labels.filenames.filter((filename) => !kept.has(filename)),
    unlabelled: [...unknown, ...ambiguous],
  };
}
