import { checkedRows, MetricsError, type ScoredPredictions } from './predictions.ts';

/** Column of the highest prediction of a row; the first of equals. */
export function topClass(predictions: Float64Array | Float32Array, row: number, columns: number): number {
  let top = 0;
  for (let c = 1; c < columns; c++) {
    if ((predictions[row * columns + c] as number) > (predictions[row * columns + top] as number)) top = c;
  }
  return top;
}

/**
 * Share of rows, 0 to 1, of which one of the `k` highest predictions is a class that is present. Equal predictions
 * rank in column order, so a constant prediction gets no credit by chance. A row without any class counts as missed.
 * @param k 1 to the number of classes
 * @throws MetricsError for arrays that cannot be scored, or `k` out of range
 */
export function topK(scored: ScoredPredictions, k: number): number {
  const hits = topKPerRow(scored, k);
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
}

/**
 * Which rows {@link topK} counts.
 * @returns [rows], 0 or 1
 * @throws MetricsError for arrays that cannot be scored, or `k` out of range
 */
export function topKPerRow(scored: ScoredPredictions, k: number): Uint8Array {
  const columns = scored.classes.length;
  const rows = checkedRows(scored);
  if (!Number.isInteger(k) || k < 1 || k > columns) {
    throw new MetricsError('METRICS_ARGUMENT', `metrics: k must be a whole number from 1 to ${columns}, got ${k}`, {
      fields: { k: String(k) },
    });
  }
  return new Uint8Array(rows).map((_, row) => (bestRankOfAPositive(scored, row, columns) < k ? 1 : 0));
}

/** From 0; `columns` when the row has no class. */
function bestRankOfAPositive({ predictions, labels }: ScoredPredictions, row: number, columns: number): number {
  const start = row * columns;
  let best = -1;
  for (let c = 0; c < columns; c++) {
    if (labels[start + c] !== 1) continue;
    if (best < 0 || (predictions[start + c] as number) > (predictions[start + best] as number)) best = c;
  }
  if (best < 0) return columns;
  const value = predictions[start + best] as number;
  let rank = 0;
  for (let c = 0; c < columns; c++) {
    const other = predictions[start + c] as number;
    if (other > value || (other === value && c < best)) rank++;
  }
  return rank;
}

/**
 * Share of rows, 0 to 1, whose highest prediction is a class that is present.
 * @throws MetricsError for arrays that cannot be scored
 */
export function accuracy(scored: ScoredPredictions): number {
  return topK(scored, 1);
}

/**
 * Average precision of every class: the sum over thresholds of (recall gained) x (precision there). Rows of equal
 * prediction share one threshold, so their order does not matter.
 * @returns [classes], 0 to 1; NaN for a class that no row has
 * @throws MetricsError for arrays that cannot be scored
 */
export function averagePrecision(scored: ScoredPredictions): Float64Array {
  const rows = checkedRows(scored);
  const columns = scored.classes.length;
  const order = new Uint32Array(rows);
  return new Float64Array(columns).map((_, c) => {
    const at = (row: number) => scored.predictions[row * columns + c] as number;
    for (let row = 0; row < rows; row++) order[row] = row;
    order.sort((a, b) => at(b) - at(a));
    let found = 0;
    let sum = 0;
    for (let i = 0; i < rows;) {
      const before = found;
      const threshold = at(order[i] as number);
      while (i < rows && at(order[i] as number) === threshold) {
        found += scored.labels[(order[i] as number) * columns + c] as number;
        i++;
      }
      sum += ((found - before) * found) / i;
    }
    return found === 0 ? Number.NaN : sum / found;
  });
}
