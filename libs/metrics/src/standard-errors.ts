import { standardError, type BootstrapOptions } from './bootstrap.ts';
import { logLossPerRow } from './log-loss.ts';
import type { ScoredPredictions } from './predictions.ts';
import { topKPerRow } from './ranking.ts';

/** How far scores may be off because there are only so many clips, or sites; null where there are fewer than two groups. */
export interface StandardErrors {
  readonly logLoss: number | null;
  readonly accuracy: number | null;
}

/**
 * Standard errors of the log loss and of the accuracy, by bootstrap over groups.
 * @throws MetricsError for arrays that cannot be scored
 */
export function standardErrors(scored: ScoredPredictions, options: BootstrapOptions = {}): StandardErrors {
  return {
    logLoss: standardError(logLossPerRow(scored), options),
    accuracy: standardError(topKPerRow(scored, 1), options),
  };
}

/** By how much one set of predictions is better than another for the same rows. */
export interface LossGain {
  /** Log loss of the first less that of the second: above 0 the second is better. */
  readonly gain: number;
  /** Of `gain`: rows are compared one by one, so it is far smaller than that of either loss. */
  readonly standardError: number | null;
}

/**
 * What the log loss gains from other predictions for the same rows, with its standard error by bootstrap over groups.
 * @throws MetricsError for arrays that cannot be scored
 */
export function lossGain(
  scored: ScoredPredictions,
  predictions: ScoredPredictions['predictions'],
  options: BootstrapOptions = {},
): LossGain {
  const other = logLossPerRow({ ...scored, predictions });
  const gains = logLossPerRow(scored).map((loss, row) => loss - (other[row] as number));
  return {
    gain: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    standardError: standardError(gains, options),
  };
}
