import type { FeatureMatrix } from '@primatrix/families';
import { z } from 'zod';

/** How many quantiles of a column are kept at most: finer ranks say nothing more. */
const mostKnots = 256;
// Factors that bring both kinds of inputs to a deviation of about 1.
const probabilityScale = 3;
const rankScale = 1.7;

const columnSchema = z.object({
  /** Sorted quantiles of the training values, for columns that are ranked; null for columns that are taken as they are. */
  knots: z.array(z.number()).min(1).nullable(),
  /** Whether training rows lacked it: then a second input says so. */
  mayLack: z.boolean(),
});

/** How the columns of the table become the inputs of the net; JSON. */
export const columnInputsSchema = z.array(columnSchema);
export type ColumnInputs = z.infer<typeof columnInputsSchema>;

/**
 * Learns the inputs from the training rows. As in the original, columns within [-1, 1] (probabilities, most of
 * all) are taken as they are; the others, in bytes or pixels, count by their rank among the training rows.
 */
export function columnInputsOf({ data, rows, columns }: FeatureMatrix): ColumnInputs {
  return columns.map((_, column) => {
    const values = Float32Array.from({ length: rows }, (_row, row) => data[row * columns.length + column] ?? Number.NaN)
      .filter((value) => Number.isFinite(value))
      .sort();
    const [low = 0, high = 0] = [values[0], values.at(-1)];
    return { knots: low >= -1 && high <= 1 ? null : quantiles(values), mayLack: values.length < rows };
  });
}

function quantiles(sorted: Float32Array): number[] {
  if (sorted.length <= mostKnots) return [...sorted];
  return Array.from({ length: mostKnots }, (_, i) => sorted[Math.round((i / (mostKnots - 1)) * (sorted.length - 1))] ?? 0);
}

/** Number of inputs that the columns make. */
export function inputWidth(inputs: ColumnInputs): number {
  return inputs.reduce((width, { mayLack }) => width + (mayLack ? 2 : 1), 0);
}

/** One row as the net sees it: a missing value is 0, the middle. */
export function inputRow({ data, columns }: FeatureMatrix, row: number, inputs: ColumnInputs): Float32Array {
  return Float32Array.from(
    inputs.flatMap(({ knots, mayLack }, column) => {
      const value = data[row * columns.length + column] ?? Number.NaN;
      const there = Number.isFinite(value);
      const input = !there ? 0 : knots === null ? probabilityScale * value : rankScale * rankIn(knots, value);
      return mayLack ? [input, there ? 1 : 0] : [input];
    }),
  );
}

/** Rank of a value among sorted knots, -1 to 1; among equal knots it is in the middle. */
function rankIn(knots: readonly number[], value: number): number {
  const below = knots.findLastIndex((knot) => knot < value) + 1;
  const upTo = knots.findLastIndex((knot) => knot <= value) + 1;
  return (below + upTo) / knots.length - 1;
}
