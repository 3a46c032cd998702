import { PrimatrixError } from '@primatrix/contracts';
import type { NetPredictions } from '@primatrix/feature-table';
import { accuracy, logLoss } from '@primatrix/metrics';
import { fightClasses, type FightClip } from './fight-clips-dataset.ts';

/** Predictions that are no out-of-fold predictions of these clips; `fields` name the clip or site. */
class OutOfFoldError extends PrimatrixError {}

/** Scores on out-of-fold predictions. */
export interface Scores {
  /** Share of clips whose likelier class is the right one. */
  readonly accuracy: number;
  /** Mean over the classes of the binary log loss, as in the competition. */
  readonly logLoss: number;
}

/**
 * Makes sure that predictions are out of fold: every clip once, by the model of a fold that did not learn from it and,
 * where `bySite`, from no clip of its site.
 * @param predictions of the models of all folds; `folds` says which fold's model predicted, the one that left the fold out
 * @param folds validation clips of each fold, as the training dealt them
 * @throws OutOfFoldError
 */
export function checkOutOfFold(
  clips: readonly FightClip[],
  predictions: NetPredictions,
  folds: readonly (readonly string[])[],
  bySite: boolean,
): void {
  const rowOf = new Map<string, number>();
  predictions.filenames.forEach((filename, row) => {
    if (rowOf.has(filename)) {
      throw new OutOfFoldError(
        'OUT_OF_FOLD_TWICE',
        `out of fold: a clip must be predicted once, got ${filename} twice`,
        { fields: { filename } },
      );
    }
    rowOf.set(filename, row);
  });
  const foldsOf = new Map<string, number[]>();
  folds.forEach((names, i) => names.forEach((name) => foldsOf.set(name, [...(foldsOf.get(name) ?? []), i + 1])));
  const foldOfSite = new Map<string, number>();
  for (const { filename, site } of clips) {
    const row = rowOf.get(filename);
    const [fold, second] = foldsOf.get(filename) ?? [];
    if (row === undefined || fold === undefined) {
      throw new OutOfFoldError('OUT_OF_FOLD_MISSING', `out of fold: every clip must be predicted, ${filename} is not`, {
        fields: { filename },
      });
    }
    if (second !== undefined || predictions.folds?.[row] !== fold) {
      throw new OutOfFoldError(
        'OUT_OF_FOLD_SEEN',
        `out of fold: a clip must be predicted by the model that did not see it, ${filename} was not`,
        { fields: { filename } },
      );
    }
    if (bySite && (foldOfSite.get(site) ?? fold) !== fold) {
      throw new OutOfFoldError('OUT_OF_FOLD_SITE', `out of fold: a site must be in one fold, got ${site} in two`, {
        fields: { site },
      });
    }
    foldOfSite.set(site, fold);
  }
  if (rowOf.size !== clips.length) {
    throw new OutOfFoldError(
      'OUT_OF_FOLD_UNKNOWN',
      `out of fold: ${clips.length} clips have labels, got predictions of ${rowOf.size}`,
    );
  }
}

/** Scores of predictions that {@link checkOutOfFold} let pass. */
export function scorePredictions(clips: readonly FightClip[], { filenames, probabilities }: NetPredictions): Scores {
  const labelOf = new Map(clips.map(({ filename, label }) => [filename, label]));
  const labels = Uint8Array.from(
    filenames.flatMap((filename) => fightClasses.map((name) => (labelOf.get(filename) === name ? 1 : 0))),
  );
  const scored = { classes: fightClasses, predictions: probabilities, labels };
  return { accuracy: accuracy(scored), logLoss: logLoss(scored) };
}

/** For each clip 1 where its likelier class is the right one, else 0, in the order of `clips`. */
export function rightlyTold(clips: readonly FightClip[], { filenames, probabilities }: NetPredictions): number[] {
  const rowOf = new Map(filenames.map((filename, row) => [filename, row]));
  return clips.map(({ filename, label }) => {
    const start = (rowOf.get(filename) ?? Number.NaN) * fightClasses.length;
    const own = fightClasses.map((_, c) => probabilities[start + c] ?? Number.NaN);
    return fightClasses[own.indexOf(Math.max(...own))] === label ? 1 : 0;
  });
}

/** Mean, least and largest of the scores of several seeds. */
export function summariseScores(scores: readonly Scores[]): {
  readonly accuracy: number;
  readonly accuracyRange: readonly [number, number];
  readonly logLoss: number;
} {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const accuracies = scores.map((score) => score.accuracy);
  return {
    accuracy: mean(accuracies),
    accuracyRange: [Math.min(...accuracies), Math.max(...accuracies)],
    logLoss: mean(scores.map((score) => score.logLoss)),
  };
}
