import type { Rng } from '@primatrix/rng';

/** Passes over all groups in which single groups may still move to a better fold; few are ever needed. */
const passes = 10;

/**
 * Spreads whole groups of rows over folds: largest group first, each to the fold where the sum of squares of every
 * class's and of all rows' shares grows least; then single groups move as long as that sum falls.
 * A class weighs the same whether it is rare or common, and the number of rows as much as all classes together.
 * @param rows labels of each row, [classes], 0 or 1
 * @param groupOf group of each row, 0 to `groups` - 1, every group at least one row
 * @param rng orders groups of one size, and folds that are equally good
 * @returns fold of each group; at least `folds` groups give no empty fold
 */
export function stratifyGroups(
  rows: readonly Uint8Array[],
  groupOf: Uint32Array,
  groups: number,
  folds: number,
  rng: Rng,
): Uint32Array {
  const shares = groupShares(rows, groupOf, groups);
  const sizes = new Uint32Array(groups);
  for (const group of groupOf) sizes[group] = (sizes[group] as number) + 1;
  const order = rng
    .shuffle(Array.from({ length: groups }, (_, group) => group))
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number));
  const foldOrder = rng.shuffle(Array.from({ length: folds }, (_, fold) => fold));
  const filled = Array.from({ length: folds }, () => new Float64Array(shares[0]?.length ?? 0));
  const foldOf = new Uint32Array(groups);

  const put = (group: number, fold: number, sign: 1 | -1) => {
    const total = filled[fold] as Float64Array;
    (shares[group] as Float64Array).forEach((share, i) => (total[i] = (total[i] as number) + sign * share));
  };
  for (const group of order) {
    const fold = cheapest(foldOrder, (candidate) => overlap(filled[candidate], shares[group]));
    foldOf[group] = fold;
    put(group, fold, 1);
  }
  for (let pass = 0; pass < passes; pass++) {
    let moved = false;
    for (const group of order) {
      const from = foldOf[group] as number;
      put(group, from, -1);
      const fold = cheapest([from, ...foldOrder], (candidate) => overlap(filled[candidate], shares[group]));
      put(group, fold, 1);
      foldOf[group] = fold;
      moved ||= fold !== from;
    }
    if (!moved) break;
  }
  return foldOf;
}

/** Of each group: its share of every class's rows, and of all rows, scaled to its weight in the sum of squares. */
function groupShares(rows: readonly Uint8Array[], groupOf: Uint32Array, groups: number): Float64Array[] {
  const classes = rows[0]?.length ?? 0;
  const totals = new Float64Array(classes + 1);
  const counts = Array.from({ length: groups }, () => new Float64Array(classes + 1));
  rows.forEach((labels, row) => {
    const count = counts[groupOf[row] as number] as Float64Array;
    const add = (i: number, amount: number) => {
      count[i] = (count[i] as number) + amount;
      totals[i] = (totals[i] as number) + amount;
    };
    labels.forEach((label, c) => add(c, label));
    add(classes, 1);
  });
  return counts.map((count) =>
    count.map((n, i) =>
      n === 0 ? 0 : (n / (totals[i] as number)) * (i === classes ? Math.sqrt(Math.max(1, classes)) : 1),
    ),
  );
}

/** By how much the sum of squares grows when a group joins a fold, up to what is the same in every fold. */
function overlap(filled: Float64Array | undefined, share: Float64Array | undefined): number {
  let sum = 0;
  filled?.forEach((value, i) => (sum += value * ((share as Float64Array)[i] as number)));
  return sum;
}

/** The first of equals, where sums that differ by rounding only are equal: otherwise passes could move for ever. */
function cheapest(folds: readonly number[], cost: (fold: number) => number): number {
  let best = folds[0] as number;
  let least = cost(best);
  for (const fold of folds.slice(1)) {
    const candidate = cost(fold);
    if (candidate < least - 1e-12) {
      best = fold;
      least = candidate;
    }
  }
  return best;
}
