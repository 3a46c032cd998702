import { withProducts } from './products.ts';
import { checkRows, rowsAt, type Rows } from './rows.ts';
import { transposed, unitRows } from './unit-rows.ts';

/** What is known of the rows that are to be put in order. */
export interface Teaching {
  /** [rows, classes]; a row adds to 1. */
  readonly probabilities: Float64Array;
  readonly classes: number;
  /** Rows that are labelled, at least one. */
  readonly labelled: readonly number[];
  /** Rows to put in order. */
  readonly candidates: readonly number[];
}

/** So many of the first are chosen one after the other, each different from those before, out of so many. */
const chosenOneByOne = 100;
const chosenFrom = 1000;
/** Rows whose cosines are in memory at once. */
const atOnce = 512;

/**
 * Puts rows in the order in which labelling them teaches most: uncertain ones (1 - how far the two most probable classes lie
 * apart, 0..1) that are different (distance by cosine to the nearest labelled row, as a share of the largest, 0..1).
 * The first hundred are also different from each other.
 * @returns the candidates, what teaches most first
 * @throws RangeError where shapes do not fit or a number is not finite
 */
export async function teachingOrder(
  rows: Rows,
  { probabilities, classes, labelled, candidates }: Teaching,
): Promise<number[]> {
  if (candidates.length === 0) return [];
  checkRows(rows);
  if (probabilities.length !== rows.rows * classes) {
    throw new RangeError(
      `few-labels: ${rows.rows} rows of ${classes} classes must have probabilities, got ${probabilities.length}`,
    );
  }
  const asked = unitRows(rowsAt(rows, candidates)).data;
  const distances = await distancesTo(unitRows(rowsAt(rows, labelled)).data, asked, rows.width);
  const largest = Math.max(...distances) || 1;
  const doubts = candidates.map((row) => doubt(probabilities.subarray(row * classes, (row + 1) * classes)));
  const worth = (i: number) => (doubts[i] as number) + (distances[i] as number) / largest;
  const byWorth = (items: number[]) => {
    const worths = new Map(items.map((i) => [i, worth(i)]));
    return items.sort((a, b) => (worths.get(b) as number) - (worths.get(a) as number) || a - b);
  };
  const order = byWorth([...candidates.keys()]);
  const pool = new Set(order.slice(0, chosenFrom));
  const first: number[] = [];
  while (first.length < chosenOneByOne && pool.size > 0) {
    let next = -1;
    for (const i of pool) if (next < 0 || worth(i) > worth(next)) next = i;
    pool.delete(next);
    first.push(next);
    const own = asked.subarray(next * rows.width, (next + 1) * rows.width);
    for (const i of pool) {
      let cosine = 0;
      for (let k = 0; k < rows.width; k++) cosine += (own[k] as number) * (asked[i * rows.width + k] as number);
      distances[i] = Math.min(distances[i] as number, Math.max(0, 1 - cosine));
    }
  }
  const chosen = new Set(first);
  return [...first, ...order.filter((i) => !chosen.has(i))].map((i) => candidates[i] as number);
}

/** 1 where the two most probable classes are equally probable, 0 where one is certain. */
function doubt(probabilities: Float64Array): number {
  let [first, second] = [0, 0];
  for (const p of probabilities) {
    if (p > first) [first, second] = [p, first];
    else if (p > second) second = p;
  }
  return 1 - (first - second);
}

/** Of each row of `asked` 1 - its largest cosine with a row of `known`, 0 at least; both of length 1. */
async function distancesTo(known: Float32Array, asked: Float32Array, width: number): Promise<Float64Array> {
  const [count, all] = [known.length / width, asked.length / width];
  const out = new Float64Array(all);
  await withProducts(async ({ times }) => {
    const across = transposed({ shape: [count, width], data: known });
    for (let start = 0; start < all; start += atOnce) {
      const some = asked.subarray(start * width, (start + atOnce) * width);
      const rows = some.length / width;
      const cosines = await times({ shape: [rows, width], data: some }, across);
      for (let row = 0; row < rows; row++) {
        let nearest = -1;
        for (const cosine of cosines.subarray(row * count, (row + 1) * count)) if (cosine > nearest) nearest = cosine;
        out[start + row] = Math.max(0, 1 - nearest);
      }
    }
  });
  return out;
}
