import { Rng } from '@primatrix/rng';

/** How chance is measured by drawing the rows again. */
export interface BootstrapOptions {
  /**
   * [rows] number of each row's group, from 0: rows of one site are alike, so sites are drawn, not rows. Default: each
   * row a group of its own.
   */
  readonly groups?: ArrayLike<number>;
  /** Default 1. */
  readonly seed?: number;
}

/** Group number of each row, and how many groups there are. */
export function rowGroups(
  rows: number,
  { groups }: BootstrapOptions,
): { readonly groupOf: ArrayLike<number>; readonly groups: number } {
  if (groups === undefined) return { groupOf: Uint32Array.from({ length: rows }, (_, row) => row), groups: rows };
  let highest = -1;
  for (let row = 0; row < rows; row++) highest = Math.max(highest, groups[row] as number);
  return { groupOf: groups, groups: highest + 1 };
}

/** Draws: 1000, which tell a standard error to 3 %; of more than 20,000 groups fewer, but no less than 200 (6 %), as each takes long. */
const roundsFor = (groups: number) => Math.min(1000, Math.max(200, Math.floor(2e7 / groups)));

/**
 * Draws as many groups as there are, with replacement, again and again (Efron, 1979).
 * @yields [groups] how often each was drawn; the array is used again for the next draw
 */
export function* resamples(groups: number, { seed = 1 }: BootstrapOptions): Generator<Uint32Array, void, void> {
  const rng = Rng.of(seed, 'bootstrap');
  const drawn = new Uint32Array(groups);
  const rounds = roundsFor(groups);
  for (let round = 0; round < rounds; round++) {
    drawn.fill(0);
    for (let i = 0; i < groups; i++) {
      const group = rng.int(groups);
      drawn[group] = (drawn[group] as number) + 1;
    }
    yield drawn;
  }
}

/**
 * Standard error of the mean of `values`, by bootstrap over groups. Over few groups (a dozen sites or fewer) it comes
 * out too small.
 * @param values [rows]
 * @returns null where there are fewer than two groups: nothing can be said
 */
export function standardError(values: ArrayLike<number>, options: BootstrapOptions = {}): number | null {
  const { groupOf, groups } = rowGroups(values.length, options);
  if (groups < 2) return null;
  const sums = new Float64Array(groups);
  const sizes = new Uint32Array(groups);
  for (let row = 0; row < values.length; row++) {
    const group = groupOf[row] as number;
    sums[group] = (sums[group] as number) + (values[row] as number);
    sizes[group] = (sizes[group] as number) + 1;
  }
  const means: number[] = [];
  for (const drawn of resamples(groups, options)) means.push(weighted(drawn, sums) / weighted(drawn, sizes));
  return spread(means);
}

/** Sum of what each group has times how often it was drawn. */
export function weighted(drawn: ArrayLike<number>, perGroup: ArrayLike<number>): number {
  let sum = 0;
  for (let group = 0; group < drawn.length; group++) sum += (drawn[group] as number) * (perGroup[group] as number);
  return sum;
}

/** Standard deviation of draws. */
export function spread(draws: readonly number[]): number {
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  return Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws.length - 1));
}
