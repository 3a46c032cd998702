import { checkedRows, MetricsError, type ScoredPredictions } from './predictions.ts';

/** The competition clips probabilities to [1e-15, 1 - 1e-15], so that a sure mistake costs 34.5, not infinity. */
const smallest = 1e-15;

function binaryLogLoss(probability: number, label: number): number {
  const p = Math.min(1 - smallest, Math.max(smallest, probability));
  return label === 1 ? -Math.log(p) : -Math.log(1 - p);
}

/**
 * Mean binary log loss of every class over all rows, natural logarithm, probabilities clipped to [1e-15, 1 - 1e-15].
 * @returns [classes], in column order
 * @throws MetricsError for arrays that cannot be scored
 */
export function logLossPerClass(scored: ScoredPredictions): Float64Array {
  const rows = checkedRows(scored);
  const columns = scored.classes.length;
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++) {
      const cell = row * columns + c;
      sums[c] = (sums[c] as number) + binaryLogLoss(scored.predictions[cell] as number, scored.labels[cell] as number);
    }
  }
  return sums.map((sum) => sum / rows);
}

/**
 * What each row adds to the score: its binary log losses, mean over classes. Their mean over rows is {@link logLoss}.
 * @returns [rows]
 * @throws MetricsError for arrays that cannot be scored
 */
export function logLossPerRow(scored: ScoredPredictions): Float64Array {
  const rows = checkedRows(scored);
  const columns = scored.classes.length;
  return new Float64Array(rows).map((_, row) => {
    let sum = 0;
    for (let cell = row * columns; cell < (row + 1) * columns; cell++) {
      sum += binaryLogLoss(scored.predictions[cell] as number, scored.labels[cell] as number);
    }
    return sum / columns;
  });
}

/**
 * The competition's score: the mean over classes of {@link logLossPerClass}. Lower is better; 0 is perfect.
 * @throws MetricsError for arrays that cannot be scored
 */
export function logLoss(scored: ScoredPredictions): number {
  const perClass = logLossPerClass(scored);
  return perClass.reduce((sum, loss) => sum + loss, 0) / perClass.length;
}

/**
 * Log loss of predicting for every clip each class's share of the clips: what knowing only the counts scores.
 * @param positives clips that show the class, one number a class, each 0 to `clips`
 * @param clips number of clips, at least 1
 * @throws MetricsError when a count is not a whole number from 0 to `clips`
 */
export function shareLogLoss(positives: readonly number[], clips: number): number {
  if (positives.length === 0 || !Number.isInteger(clips) || clips < 1) {
    throw new MetricsError(
      'METRICS_ARGUMENT',
      `metrics: shareLogLoss needs classes and clips, got ${positives.length} and ${clips}`,
    );
  }
  let sum = 0;
  positives.forEach((count, index) => {
    if (!Number.isInteger(count) || count < 0 || count > clips) {
      throw new MetricsError(
        'METRICS_ARGUMENT',
        `metrics: class ${index}: a count must be a whole number from 0 to ${clips}, got ${count}`,
        {
          fields: { class: index, value: String(count) },
        },
      );
    }
    const share = count / clips;
    sum += share * binaryLogLoss(share, 1) + (1 - share) * binaryLogLoss(share, 0);
  });
  return sum / positives.length;
}
