import type { FeatureMatrix } from '@primatrix/families';
import { z } from 'zod';

const column = z.int().nonnegative();

/** One or more inputs of the net, made of one or more columns of the table, by position; JSON. */
const columnInputSchema = z.discriminatedUnion('kind', [
  /** The value as it is, and, where training rows lack it, whether it is there. */
  z.object({ kind: z.literal('plain'), column, mayLack: z.boolean() }),
  /** One input a combination of values that training had; all 0 for others. */
  z.object({ kind: z.literal('one-hot'), columns: z.array(column), values: z.array(z.array(z.number())) }),
  /**
   * The lowest binary digits of a whole number, the highest of them first. Tables are float32, which keep whole numbers below
   * 2^24.
   */
  z.object({ kind: z.literal('digits'), column, digits: z.int().positive().default(32) }),
  /** One input a bucket; `edges` lie between buckets. */
  z.object({ kind: z.literal('buckets'), column, edges: z.array(z.number()) }),
]);
type ColumnInput = z.infer<typeof columnInputSchema>;

/** Which columns of the table become inputs of the net, and how; JSON. */
export const columnInputsSchema = z.array(columnInputSchema);
export type ColumnInputs = z.infer<typeof columnInputsSchema>;

/** Columns that are made into inputs besides those within [-1, 1], by name; those that a table lacks are passed over. */
export const encodingsSchema = z.strictObject({
  /** One input a combination of these columns' values: a frame size is a width and a height. */
  oneHot: z.array(z.array(z.string())),
  digits: z.array(z.string()),
  /** 50 buckets, of `step` each, the last one open. */
  buckets: z.array(z.strictObject({ column: z.string(), step: z.number().positive() })),
});
export type Encodings = z.infer<typeof encodingsSchema>;

const buckets = 50;

/**
 * Chooses the inputs by the training rows. As in the original, columns within [-1, 1] are kept, as they are:
 * probabilities, most of all. A column that some training rows lack gets a second input that says whether it is there.
 * @param encodings what else becomes inputs: frame sizes, times and file sizes in the original
 */
export function columnInputsOf(
  matrix: FeatureMatrix,
  encodings: Encodings = { oneHot: [], digits: [], buckets: [] },
): ColumnInputs {
  const places = new Map(matrix.columns.map((name, at) => [name, at]));
  const known = (names: readonly string[]) => names.flatMap((name) => places.get(name) ?? []);
  return [
    ...plainInputs(matrix),
    ...encodings.oneHot
      .filter((names) => known(names).length === names.length)
      .map((names): ColumnInput => ({
        kind: 'one-hot',
        columns: known(names),
        values: combinationsOf(matrix, known(names)),
      })),
    ...known(encodings.digits).flatMap((at): ColumnInput[] => {
      const digits = digitsOf(matrix, at);
      return digits === 0 ? [] : [{ kind: 'digits', column: at, digits }];
    }),
    ...encodings.buckets.flatMap(({ column: name, step }) =>
      known([name]).map((at): ColumnInput => ({
        kind: 'buckets',
        column: at,
        edges: Array.from({ length: buckets - 1 }, (_, i) => (i + 1) * step),
      })),
    ),
  ];
}

/** Number of inputs that the columns make. */
export function inputWidth(inputs: ColumnInputs): number {
  return inputs.reduce((width, input) => width + widthOf(input), 0);
}

/** One row as the net sees it: a missing value is 0, and values beyond [-1, 1], which training did not have, are cut off. */
export function inputRow({ data, columns }: FeatureMatrix, row: number, inputs: ColumnInputs): Float32Array {
  const at = (place: number) => data[row * columns.length + place] ?? Number.NaN;
  return Float32Array.from(inputs.flatMap((input) => valuesOf(input, at)));
}

/** The columns that an input is made of. */
export function columnsOf(input: ColumnInput): readonly number[] {
  return input.kind === 'one-hot' ? input.columns : [input.column];
}

export function widthOf(input: ColumnInput): number {
  switch (input.kind) {
    case 'plain':
      return input.mayLack ? 2 : 1;
    case 'one-hot':
      return input.values.length;
    case 'digits':
      return input.digits;
    case 'buckets':
      return input.edges.length + 1;
  }
}

function valuesOf(input: ColumnInput, at: (place: number) => number): number[] {
  const hot = (place: number) => Array.from({ length: widthOf(input) }, (_, i) => (i === place ? 1 : 0));
  switch (input.kind) {
    case 'plain': {
      const value = at(input.column);
      const plain = Number.isNaN(value) ? 0 : Math.min(1, Math.max(-1, value));
      return input.mayLack ? [plain, Number.isNaN(value) ? 0 : 1] : [plain];
    }
    case 'one-hot':
      return hot(input.values.findIndex((values) => values.every((value, i) => at(input.columns[i] ?? -1) === value)));
    case 'digits': {
      const value = at(input.column);
      return isThere(value)
        ? Array.from({ length: input.digits }, (_, i) => Math.floor(value / 2 ** (input.digits - 1 - i)) % 2)
        : hot(-1);
    }
    case 'buckets': {
      const value = at(input.column);
      return hot(isThere(value) ? input.edges.filter((edge) => edge <= value).length : -1);
    }
  }
}

/** Sizes and times are never negative: -1 is how tables without NaN say that one is missing. */
function isThere(value: number): boolean {
  return value >= 0;
}

function plainInputs({ data, rows, columns }: FeatureMatrix): ColumnInput[] {
  return columns.flatMap((_, place): ColumnInput[] => {
    let there = 0;
    for (let row = 0; row < rows; row++) {
      const value = data[row * columns.length + place] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      if (Math.abs(value) > 1) return [];
      there += 1;
    }
    return there === 0 ? [] : [{ kind: 'plain', column: place, mayLack: there < rows }];
  });
}

/** As many as the largest whole number of the training rows has; 0 where none has a value. */
function digitsOf({ data, rows, columns }: FeatureMatrix, place: number): number {
  let largest = -1;
  for (let row = 0; row < rows; row++) {
    const value = data[row * columns.length + place] ?? Number.NaN;
    if (isThere(value)) largest = Math.max(largest, Math.floor(value));
  }
  return largest < 0 ? 0 : Math.max(1, Math.ceil(Math.log2(largest + 1)));
}

function combinationsOf({ data, rows, columns }: FeatureMatrix, places: readonly number[]): number[][] {
  const found = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const values = places.map((place) => data[row * columns.length + place] ?? Number.NaN);
    if (values.every(isThere)) found.set(values.join(), values);
  }
  return [...found.values()].sort(
    (a, b) => a.map((value, i) => value - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0,
  );
}
