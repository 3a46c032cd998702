import { type FeatureTable, isNumberColumn } from './feature-table.ts';

/** A column that alone predicts a class nearly perfectly. */
export interface LeakingColumn {
  readonly column: string;
  readonly source: string | null;
  readonly class: string;
  /** Area under the ROC curve, 0.5 to 1: of the column's values, or of their negatives where that is more. */
  readonly auc: number;
}

/** From when on a column counts as giving a class away by itself. */
export interface LeakageOptions {
  /** Smallest area that is told. Default 0.995. */
  readonly auc?: number;
  /** Fewest clips with the class and without it; of fewer, chance says too much. Default 25. */
  readonly clips?: number;
}

/**
 * Looks for columns that give a class away by themselves: names in disguise, times of an archive, a camera that saw only
 * one species. One class against the rest; a missing value counts as smaller than any other.
 * @param labels [clips, classes], 0 or 1, in the table's order
 * @returns for each such column the class that it tells best, the surest first
 */
export function leakingColumns(
  table: FeatureTable,
  labels: Uint8Array,
  classes: readonly string[],
  { auc: least = 0.995, clips: fewest = 25 }: LeakageOptions = {},
): LeakingColumn[] {
  const width = classes.length;
  const rows = table.keys.length;
  const positives = classes.map((_, c) =>
    Uint32Array.from(table.keys.keys()).filter((row) => labels[row * width + c] === 1),
  );
  const judged = classes
    .map((_, c) => c)
    .filter((c) => Math.min(positives[c]?.length ?? 0, rows - (positives[c]?.length ?? 0)) >= fewest);
  const telling: LeakingColumn[] = [];
  for (const column of judged.length === 0 ? [] : table.columns.filter(isNumberColumn)) {
    const ranks = meanRanks(column.values);
    let best: LeakingColumn | undefined;
    for (const c of judged) {
      const own = positives[c] ?? new Uint32Array();
      const sum = own.reduce((total, row) => total + (ranks[row] ?? 0), 0);
      // Mann and Whitney: how many of all pairs stand in the right order.
      const area = (sum - (own.length * (own.length + 1)) / 2) / (own.length * (rows - own.length));
      const auc = Math.max(area, 1 - area);
      if (auc >= least && auc > (best?.auc ?? 0)) {
        best = { column: column.name, source: column.source ?? null, class: classes[c] ?? '', auc };
      }
    }
    if (best !== undefined) telling.push(best);
  }
  return telling.sort((a, b) => b.auc - a.auc);
}

/** Ranks from 1, equal values sharing the mean of theirs; missing values are the smallest. */
function meanRanks(values: ArrayLike<number>): Float64Array {
  const keys = Float64Array.from(values, (value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  const order = Uint32Array.from(keys.keys()).sort((a, b) =>
    (keys[a] as number) < (keys[b] as number) ? -1 : (keys[a] as number) > (keys[b] as number) ? 1 : 0,
  );
  const ranks = new Float64Array(keys.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && keys[order[end] as number] === keys[order[start] as number]) end++;
    for (let i = start; i < end; i++) ranks[order[i] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
