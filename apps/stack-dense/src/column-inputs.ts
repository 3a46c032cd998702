import type { FeatureMatrix } from '@primatrix/families';
import { z } from 'zod';

/** Which columns of the table become inputs of the net, by position; JSON. */
export const columnInputsSchema = z.array(z.object({ column: z.int().nonnegative(), mayLack: z.boolean() }));
export type ColumnInputs = z.infer<typeof columnInputsSchema>;

/**
 * Chooses the inputs by the training rows. As in the original, only columns within [-1, 1] are kept, as they are:
 * probabilities, most of all. A column that some training rows lack gets a second input that says whether it is there.
 */
export function columnInputsOf({ data, rows, columns }: FeatureMatrix): ColumnInputs {
  return columns.flatMap((_, column) => {
    let there = 0;
    for (let row = 0; row < rows; row++) {
      const value = data[row * columns.length + column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      if (Math.abs(value) > 1) return [];
      there += 1;
    }
    return there === 0 ? [] : [{ column, mayLack: there < rows }];
  });
}

/** Number of inputs that the columns make. */
export function inputWidth(inputs: ColumnInputs): number {
  return inputs.reduce((width, { mayLack }) => width + (mayLack ? 2 : 1), 0);
}

/** One row as the net sees it: a missing value is 0, and values beyond [-1, 1], which training did not have, are cut off. */
export function inputRow({ data, columns }: FeatureMatrix, row: number, inputs: ColumnInputs): Float32Array {
  return Float32Array.from(
    inputs.flatMap(({ column, mayLack }) => {
      const value = data[row * columns.length + column] ?? Number.NaN;
      const there = !Number.isNaN(value);
      const input = there ? Math.min(1, Math.max(-1, value)) : 0;
      return mayLack ? [input, there ? 1 : 0] : [input];
    }),
  );
}
