import type { ErrorMakers } from './errors.ts';

/** A dense table of numbers. NaN is a missing value. */
export interface Matrix {
  /** `rows` x `columns` values; not to be changed or transferred before the call it is passed to has settled. */
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** `row` (default): one row after another; `column`: one column after another. */
  readonly layout?: 'row' | 'column';
}

/**
 * Checks a matrix's counts against its data.
 * @throws the binding's input error unless the matrix is what its counts say
 */
export function checkMatrix(matrix: Matrix, errors: ErrorMakers): void {
  const { data, rows, columns, layout = 'row' } = matrix;
  if (!(data instanceof Float32Array) && !(data instanceof Float64Array)) {
    throw errors.input('data', 'data must be a Float32Array or a Float64Array');
  }
  for (const [name, count] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isInteger(count) || count < 1 || count >= 2 ** 31) {
      throw errors.input(name, `${name} must be a whole number of at least 1, got ${count}`);
    }
  }
  if (data.length !== rows * columns) {
    throw errors.input(
      'data',
      `data must hold rows x columns = ${rows} x ${columns} = ${rows * columns} values, got ${data.length}`,
    );
  }
  if (layout !== 'row' && layout !== 'column') {
    throw errors.input('layout', `layout must be 'row' or 'column', got ${JSON.stringify(layout)}`);
  }
}
