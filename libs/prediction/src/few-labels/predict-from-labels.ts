import type { Calibration, EnsembleFamily, EnsembleMember } from '@primatrix/families';
import { rowsAt, type LabelledRows, type Rows } from '@primatrix/few-labels';
import { evenWeights, predictMembers } from './few-labels-members.ts';
import { judgeFewLabels, type FewLabelsScore } from './judge-few-labels.ts';

/** From so many judged clips on, probabilities are calibrated on them. */
const enoughToCalibrate = 30;

/** Clips as vectors, and what some of them show. */
export interface LabelledAmong {
  /** All clips, labelled or not. */
  readonly all: Rows;
  /** Rows of the labelled ones, at least one. */
  readonly at: readonly number[];
  /** [labelled, classes], 0 or 1, at least one 1 a row. */
  readonly labels: Uint8Array;
  /** Of the labelled ones; undefined where unknown. */
  readonly sites: readonly (string | undefined)[];
  readonly classes: readonly string[];
}

/** What few labels say of all clips. */
export interface FewLabelsPredictions {
  /** [rows, classes]; a row adds to 1. */
  readonly probabilities: Float64Array;
  /** [rows, classes] each. */
  readonly members: readonly EnsembleMember[];
  readonly score: FewLabelsScore;
}

/**
 * Predicts all clips from the labelled ones among them, and says by labelled clips that are left out what that is worth. A labelled
 * clip is predicted by what did not see it, or its site where there are several, as far as others show its classes.
 * @throws RangeError where shapes do not fit
 */
export async function predictFromLabels(
  { all, at, labels, sites, classes }: LabelledAmong,
  ensemble: Pick<EnsembleFamily, 'combine' | 'calibrate'>,
): Promise<FewLabelsPredictions> {
  const known: LabelledRows = { ...rowsAt(all, at), labels, classes: classes.length };
  const { score, outOfFold, judged } = await judgeFewLabels(known, { scaledBy: all, sites, classes, ensemble });
  const members = await predictMembers(known, all, { strength: score.strength, scaledBy: all });
  // What is said of clips that were learned from is no prediction; of those alone of their class nothing better is there.
  members.forEach(({ probabilities }, m) => {
    for (const i of judged) {
      const own = outOfFold[m]?.probabilities.subarray(i * classes.length, (i + 1) * classes.length) ?? [];
      probabilities.set(own, (at[i] as number) * classes.length);
    }
  });
  const calibration = calibrationOf(known, outOfFold, judged, ensemble);
  return { score, members, probabilities: ensemble.combine(members, evenWeights(members), calibration) };
}

/** By temperature, on the labelled clips that could be judged; none where they are few. */
function calibrationOf(
  { labels, classes }: LabelledRows,
  outOfFold: readonly EnsembleMember[],
  judged: readonly number[],
  ensemble: Pick<EnsembleFamily, 'combine' | 'calibrate'>,
): Calibration {
  if (judged.length < enoughToCalibrate) return { method: 'none' };
  const mean = ensemble.combine(outOfFold, evenWeights(outOfFold));
  const of = <Values extends Float64Array | Uint8Array>(values: Values) =>
    judged.flatMap((row) => [...values.subarray(row * classes, (row + 1) * classes)]);
  return ensemble.calibrate('temperature', Float64Array.from(of(mean)), Uint8Array.from(of(labels)), classes);
}
