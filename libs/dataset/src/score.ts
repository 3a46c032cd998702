import {
  accuracy,
  averagePrecision,
  brierScore,
  confusionMatrix,
  logLossPerClass,
  reliability,
  standardErrors,
  topK,
  type ScoredPredictions,
  type StandardErrors,
} from '@primatrix/metrics';
import type { LabelTable } from './labels.ts';
import { matchPredictions } from './match-predictions.ts';
import type { PredictionTable } from './predictions.ts';
import { siteGroups } from './site-groups.ts';
import type { ClipOrigin } from './sites.ts';

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
  /** Mean over classes of the squared distance of prediction and label. */
  readonly brierScore: number;
  /** How far probabilities are from how often they come true: mean over 10 equally wide bins of all predictions. */
  readonly expectedCalibrationError: number;
  /** How far two scores may lie apart by the chance of which clips (or sites, where they are known) were taken: bootstrap. */
  readonly standardError: StandardErrors & { readonly by: 'site' | 'clip'; readonly groups: number };
  /** `counts[true][predicted]`, both in the order of `classes`. */
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] };
  /** Number of clips that count in the figures above. */
  readonly scored: number;
  /** Labelled clips whose row has no prediction, because they failed: they count in no figure. */
  readonly unscored: readonly string[];
  /** Predicted clips without labels. */
  readonly unlabelled: readonly string[];
}

/**
 * Scores predictions against labels, clip by name and class by name, in any order.
 * @param sites by filename: standard errors are then drawn by site; without, by clip
 * @throws DatasetError as {@link matchPredictions}
 */
export function score({
  labels,
  predictions,
  sites = new Map(),
}: {
  readonly labels: LabelTable;
  readonly predictions: PredictionTable;
  readonly sites?: ReadonlyMap<string, ClipOrigin>;
}): Score {
  const { scored, filenames, unscored, unlabelled } = matchPredictions(labels, predictions);
  const { groupOf, groups, bySite } = siteGroups(filenames.map((name) => ({ site: sites.get(name)?.site })));
  return {
    ...figures(scored),
    standardError: { ...standardErrors(scored, { groups: groupOf }), by: bySite ? 'site' : 'clip', groups },
    scored: filenames.length,
    unscored,
    unlabelled,
  };
}

function figures(scored: ScoredPredictions) {
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
    averagePrecision: byClass(
      classes,
      Array.from(precision, (value) => (Number.isNaN(value) ? null : value)),
    ),
    meanAveragePrecision: mean(known),
    brierScore: brierScore(scored),
    expectedCalibrationError: reliability(scored).overall.expectedCalibrationError,
    confusion: { classes, counts: classes.map((_, row) => [...counts.subarray(row * width, (row + 1) * width)]) },
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function byClass<T>(classes: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(classes.map((name, c) => [name, values[c] as T]));
}
