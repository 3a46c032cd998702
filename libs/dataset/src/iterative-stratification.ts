import type { Rng } from '@primatrix/rng';

/**
 * Spreads rows over folds so that every class, rarest first, is spread as evenly as it goes: iterative stratification
 * of multi-label data (Sechidis, Tsoumakas and Vlahavas, 2011).
 * @param rows labels of each row, [classes], 0 or 1
 * @param rng breaks ties, and orders the rows of a class
 * @returns fold of each row, 0 to `folds` - 1; rows at least `folds` give no empty fold
 */
export function stratify(rows: readonly Uint8Array[], folds: number, rng: Rng): Uint32Array {
  const classes = rows[0]?.length ?? 0;
  const order = rng.shuffle(rows.map((_, row) => row));
  const wanted = new Wanted(rows, classes, folds);
  const remaining = new Uint32Array(classes);
  for (const labels of rows) labels.forEach((label, c) => (remaining[c] = (remaining[c] as number) + label));

  const foldOf = new Uint32Array(rows.length).fill(unassigned);
  const assign = (row: number, fold: number) => {
    foldOf[row] = fold;
    const labels = rows[row] as Uint8Array;
    wanted.take(fold, labels);
    labels.forEach((label, c) => (remaining[c] = (remaining[c] as number) - label));
  };
  for (let rarest = rarestOf(remaining); rarest !== undefined; rarest = rarestOf(remaining)) {
    for (const row of order) {
      if (foldOf[row] === unassigned && (rows[row] as Uint8Array)[rarest] === 1) {
        assign(row, wanted.neediest(rarest, rng));
      }
    }
  }
  for (const row of order) {
    if (foldOf[row] === unassigned) assign(row, wanted.neediest(undefined, rng));
  }
  return foldOf;
}

const unassigned = 0xffff_ffff;

/** The class with the fewest rows left to assign, of those that have any; the first of equals. */
function rarestOf(remaining: Uint32Array): number | undefined {
  let rarest: number | undefined;
  remaining.forEach((count, c) => {
    if (count > 0 && (rarest === undefined || count < (remaining[rarest] as number))) rarest = c;
  });
  return rarest;
}

/** How many rows, and rows of each class, every fold still wants; below zero when it has more than its share. */
class Wanted {
  private readonly rows: Float64Array;
  private readonly perClass: Float64Array[];

  constructor(rows: readonly Uint8Array[], classes: number, folds: number) {
    const totals = new Float64Array(classes);
    for (const labels of rows) labels.forEach((label, c) => (totals[c] = (totals[c] as number) + label));
    this.rows = new Float64Array(folds).fill(rows.length / folds);
    this.perClass = Array.from({ length: folds }, () => totals.map((total) => total / folds));
  }

  take(fold: number, labels: Uint8Array): void {
    this.rows[fold] = (this.rows[fold] as number) - 1;
    const wanted = this.perClass[fold] as Float64Array;
    labels.forEach((label, c) => (wanted[c] = (wanted[c] as number) - label));
  }

  /** The fold that wants most of a class; of equals, the one that wants most rows; of those, any. */
  neediest(wantedClass: number | undefined, rng: Rng): number {
    const ofClass = (fold: number) =>
      wantedClass === undefined ? 0 : ((this.perClass[fold] as Float64Array)[wantedClass] as number);
    let best = [0];
    for (let fold = 1; fold < this.rows.length; fold++) {
      const first = best[0] as number;
      const difference = ofClass(fold) - ofClass(first) || (this.rows[fold] as number) - (this.rows[first] as number);
      if (difference > 0) best = [fold];
      else if (difference === 0) best.push(fold);
    }
    return rng.pick(best);
  }
}
