import { withProducts } from './products.ts';
import { checkRows, sharesOf, type LabelledRows, type Rows } from './rows.ts';
import { transposed, unitRows } from './unit-rows.ts';

/** How quickly a vote fades with the cosine; DINO's (Caron et al. 2021, appendix). */
const temperature = 0.07;
const mostNeighbours = 20;
/** Rows whose cosines are in memory at once. */
const atOnce = 512;

/**
 * Says what the nearest labelled clips show. Nearness is the cosine; the k nearest vote, k the root of their number, at most 20; a vote
 * weighs exp((cosine - highest) / 0.07). One more vote is shared by all classes, so that no probability is 0.
 * @returns probabilities [rows, classes]; a row adds to 1
 * @throws RangeError where shapes do not fit or a number is not finite
 */
export async function nearestNeighbours(known: LabelledRows, rows: Rows): Promise<Float64Array> {
  checkRows(known);
  checkRows(rows);
  if (known.width !== rows.width) {
    throw new RangeError(`few-labels: rows must be ${known.width} wide, got ${rows.width}`);
  }
  const { classes } = known;
  const shares = sharesOf(known);
  const k = Math.min(mostNeighbours, Math.max(1, Math.round(Math.sqrt(known.rows))));
  const known1 = unitRows(known);
  const asked = unitRows(rows);
  const out = new Float64Array(rows.rows * classes);
  await withProducts(async ({ times }) => {
    const across = transposed(known1);
    for (let start = 0; start < rows.rows; start += atOnce) {
      const some = asked.data.subarray(start * rows.width, (start + atOnce) * rows.width);
      const count = some.length / rows.width;
      const cosines = await times({ shape: [count, rows.width], data: some }, across);
      for (let row = 0; row < count; row++) {
        const own = cosines.subarray(row * known.rows, (row + 1) * known.rows);
        out.set(votes(own, shares, classes, k), (start + row) * classes);
      }
    }
  });
  return out;
}

function votes(cosines: Float32Array, shares: Float64Array, classes: number, k: number): Float64Array {
  const nearest = highestOf(cosines, k);
  const highest = cosines[nearest[0] as number] as number;
  const of = new Float64Array(classes).fill(1 / classes);
  for (const at of nearest) {
    const weight = Math.exp(((cosines[at] as number) - highest) / temperature);
    for (let c = 0; c < classes; c++) of[c] = (of[c] as number) + weight * (shares[at * classes + c] as number);
  }
  const total = of.reduce((sum, value) => sum + value, 0);
  return of.map((value) => value / total);
}

/** Positions of the k highest, the highest first; of equal ones the first. */
function highestOf(values: Float32Array, k: number): number[] {
  const found: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (found.length === k && value <= least) continue;
    const place = found.findIndex((at) => (values[at] as number) < value);
    found.splice(place < 0 ? found.length : place, 0, i);
    if (found.length > k) found.pop();
    least = values[found.at(-1) as number] as number;
  }
  return found;
}
