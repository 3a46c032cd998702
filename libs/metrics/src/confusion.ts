import { checkedRows, type ScoredPredictions } from './predictions.ts';
import { topClass } from './ranking.ts';

/** How often each class was taken for each other. */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  /** [true class, predicted class], row-major: number of rows. */
  readonly counts: Uint32Array;
  /** Rows without any class: they are in no cell of the matrix. */
  readonly unlabelled: number;
}

/**
 * Counts rows by true and by predicted class (the highest prediction). A row of several classes counts once: under the
 * predicted class when that is one of them, else under its last class, which the tree models train on too.
 * @throws MetricsError for arrays that cannot be scored
 */
export function confusionMatrix(scored: ScoredPredictions): ConfusionMatrix {
  const rows = checkedRows(scored);
  const columns = scored.classes.length;
  const counts = new Uint32Array(columns * columns);
  let unlabelled = 0;
  for (let row = 0; row < rows; row++) {
    const predicted = topClass(scored.predictions, row, columns);
    const present = scored.labels.subarray(row * columns, (row + 1) * columns);
    const actual = present[predicted] === 1 ? predicted : present.lastIndexOf(1);
    if (actual < 0) {
      unlabelled++;
      continue;
    }
    const cell = actual * columns + predicted;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return { classes: scored.classes, counts, unlabelled };
}
