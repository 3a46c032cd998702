import { siteGroups } from '@primatrix/dataset';
import { accuracy, logLoss, lossGain, standardErrors, type ScoredPredictions } from '@primatrix/metrics';
import type { RefitScores, Scores } from '@primatrix/prediction';
import type { BeforeRefit } from './before-refit.ts';
import type { RefitRows } from './refit-rows.ts';

/**
 * Scores training and reviewed clips apart, before and after, against the corrected labels.
 * @param after [clips, classes] out of fold
 */
export function refitScores(
  rows: RefitRows,
  {
    before,
    after,
    classes,
    seed,
  }: {
    readonly before: BeforeRefit;
    readonly after: Float64Array;
    readonly classes: readonly string[];
    readonly seed: number;
  },
): RefitScores {
  const width = classes.length;
  const compare = (from: number, to: number) => {
    const part = <T extends Uint8Array | Float64Array>(values: T): T => values.subarray(from * width, to * width) as T;
    const labels = part(rows.labels);
    const { groupOf, groups, bySite } = siteGroups(rows.sites.slice(from, to));
    const bootstrap = { groups: groupOf, seed };
    const scored = (predictions: Float64Array): ScoredPredictions => ({ classes, labels, predictions });
    const scoresOf = (predictions: Float64Array): Scores => ({
      logLoss: logLoss(scored(predictions)),
      accuracy: accuracy(scored(predictions)),
      standardError: standardErrors(scored(predictions), bootstrap),
    });
    return {
      scoresOf,
      comparison: {
        clips: to - from,
        groups: { by: bySite ? ('site' as const) : ('clip' as const), count: groups },
        classes: classes.filter((_, c) => labels.some((label, i) => i % width === c && label === 1)).length,
        before: scoresOf(part(before.outOfFold)),
        after: scoresOf(part(after)),
        gain: lossGain(scored(part(before.outOfFold)), part(after), bootstrap),
      },
    };
  };
  const clips = rows.keys.length;
  const training = compare(0, rows.trained).comparison;
  if (clips === rows.trained) return { training, reviewed: null };
  const { comparison, scoresOf } = compare(rows.trained, clips);
  return {
    training,
    reviewed: { ...comparison, asPredicted: before.asPredicted === null ? null : scoresOf(before.asPredicted) },
  };
}
