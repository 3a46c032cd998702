import { checkedRows, MetricsError, type ScoredPredictions } from './predictions.ts';

/** The predictions between two probabilities, and how often they came true. */
export interface ReliabilityBin {
  /** Probabilities of the bin: `from` <= p < `to`; the last bin holds p = 1 too. */
  readonly from: number;
  readonly to: number;
  /** Predictions in the bin. */
  readonly count: number;
  /** Mean of these predictions; null for an empty bin. */
  readonly meanPredicted: number | null;
  /** Share of them whose class is present; null for an empty bin. Equal to `meanPredicted` when probabilities are honest. */
  readonly observed: number | null;
}

/** One curve of a reliability diagram. */
export interface ReliabilityCurve {
  /** In order of probability, equally wide, from 0 to 1. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean of |meanPredicted - observed| over predictions (Naeini, Cooper and Hauskrecht, 2015), in [0, 1]; it depends on the bins. */
  readonly expectedCalibrationError: number;
}

/** Whether probabilities mean what they say. */
export interface Reliability {
  /** Over the probabilities of all classes together: rows x classes predictions. */
  readonly overall: ReliabilityCurve;
  /** One curve a class, in column order. */
  readonly perClass: readonly ReliabilityCurve[];
}

/**
 * Bins predictions by probability and compares each bin's mean with how often its predictions came true.
 * @param bins equally wide bins, at least 1; 10 by default
 * @throws MetricsError for arrays that cannot be scored, or `bins` out of range
 */
export function reliability(scored: ScoredPredictions, { bins = 10 }: { readonly bins?: number } = {}): Reliability {
  const rows = checkedRows(scored);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new MetricsError('METRICS_ARGUMENT', `metrics: bins must be a whole number from 1, got ${bins}`, {
      fields: { bins: String(bins) },
    });
  }
  const columns = scored.classes.length;
  // [classes + 1, bins]; the last row is all classes together.
  const counts = new Uint32Array((columns + 1) * bins);
  const predicted = new Float64Array((columns + 1) * bins);
  const present = new Uint32Array((columns + 1) * bins);
  for (let cell = 0; cell < rows * columns; cell++) {
    const p = scored.predictions[cell] as number;
    const bin = Math.min(bins - 1, Math.floor(p * bins));
    for (const curve of [cell % columns, columns]) {
      const at = curve * bins + bin;
      counts[at] = (counts[at] as number) + 1;
      predicted[at] = (predicted[at] as number) + p;
      present[at] = (present[at] as number) + (scored.labels[cell] as number);
    }
  }
  const curve = (index: number): ReliabilityCurve => {
    const filled = Array.from({ length: bins }, (_, bin): ReliabilityBin => {
      const at = index * bins + bin;
      const count = counts[at] as number;
      const mean = (sum: number) => (count === 0 ? null : sum / count);
      return {
        from: bin / bins,
        to: (bin + 1) / bins,
        count,
        meanPredicted: mean(predicted[at] as number),
        observed: mean(present[at] as number),
      };
    });
    const all = filled.reduce((sum, bin) => sum + bin.count, 0);
    const apart = filled.reduce(
      (sum, bin) => sum + bin.count * Math.abs((bin.meanPredicted ?? 0) - (bin.observed ?? 0)),
      0,
    );
    return { bins: filled, expectedCalibrationError: apart / all };
  };
  return { overall: curve(columns), perClass: scored.classes.map((_, c) => curve(c)) };
}

/**
 * Brier score of every class: the mean squared distance of prediction and label over all rows, 0 to 1. Lower is better.
 * @returns [classes], in column order
 * @throws MetricsError for arrays that cannot be scored
 */
export function brierScorePerClass(scored: ScoredPredictions): Float64Array {
  const rows = checkedRows(scored);
  const columns = scored.classes.length;
  const sums = new Float64Array(columns);
  for (let cell = 0; cell < rows * columns; cell++) {
    const apart = (scored.predictions[cell] as number) - (scored.labels[cell] as number);
    sums[cell % columns] = (sums[cell % columns] as number) + apart * apart;
  }
  return sums.map((sum) => sum / rows);
}

/**
 * Mean over classes of {@link brierScorePerClass}; unlike the log loss, a sure mistake costs at most 1.
 * @throws MetricsError for arrays that cannot be scored
 */
export function brierScore(scored: ScoredPredictions): number {
  const perClass = brierScorePerClass(scored);
  return perClass.reduce((sum, score) => sum + score, 0) / perClass.length;
}
