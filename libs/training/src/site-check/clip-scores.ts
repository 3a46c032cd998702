import { siteGroups, type Dataset } from '@primatrix/dataset';
import { logLossPerRow, standardError, topKPerRow, type ScoredPredictions } from '@primatrix/metrics';
import type { Estimate } from '@primatrix/report';

/** Scores of every clip alone: their means are the scores of all. */
export interface ClipScores {
  /** [clips]: mean over classes of the binary log loss. */
  readonly logLoss: Float64Array;
  /** [clips]: 1 where the likeliest class is one that the clip shows. */
  readonly accuracy: Float64Array;
}

/** Scores row by row. */
export function clipScores(scored: ScoredPredictions): ClipScores {
  return { logLoss: logLossPerRow(scored), accuracy: Float64Array.from(topKPerRow(scored, 1)) };
}

/** The number of each clip's site, from which standard errors are drawn. */
export function siteNumbers(dataset: Dataset, filenames: readonly string[]): Uint32Array {
  const clipOf = new Map(dataset.clips.map((clip) => [clip.filename, clip]));
  return siteGroups(filenames.map((filename) => clipOf.get(filename) ?? {})).groupOf;
}

/** The mean of some values and its standard error by bootstrap over sites: clips of one site are right or wrong together. */
export function estimate(values: Float64Array, groups: Uint32Array, seed: number): Estimate {
  return {
    value: values.reduce((sum, x) => sum + x, 0) / values.length,
    error: standardError(values, { groups, seed }),
  };
}
