import { LightgbmInputError } from './errors.ts';
import { dataTypes } from './native/c-api.ts';

/** A dense table of numbers. NaN is a missing value. */
export interface Matrix {
  /** `rows` x `columns` values; not to be changed or transferred before the call it is passed to has settled. */
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** `row` (default): one row after another; `column`: one column after another. */
  readonly layout?: 'row' | 'column';
}

/** The matrix as the C functions take it: data type, rows, columns, whether row-major. */
export type MatrixArguments = readonly [data: Float32Array | Float64Array, type: number, rows: number, columns: number, rowMajor: number];

/** Checks a matrix, throwing {@link LightgbmInputError}, and lays out its arguments. */
export function matrixArguments(matrix: Matrix): MatrixArguments {
  const { data, rows, columns, layout = 'row' } = matrix;
  const type = data instanceof Float32Array ? dataTypes.float32 : data instanceof Float64Array ? dataTypes.float64 : undefined;
  if (type === undefined) throw new LightgbmInputError('data', 'data must be a Float32Array or a Float64Array');
  for (const [name, count] of [['rows', rows], ['columns', columns]] as const) {
    if (!Number.isInteger(count) || count < 1 || count >= 2 ** 31) {
      throw new LightgbmInputError(name, `${name} must be a whole number of at least 1, got ${count}`);
    }
  }
  if (data.length !== rows * columns) {
    throw new LightgbmInputError('data', `data must hold rows x columns = ${rows} x ${columns} = ${rows * columns} values, got ${data.length}`);
  }
  if (layout !== 'row' && layout !== 'column') {
    throw new LightgbmInputError('layout', `layout must be 'row' or 'column', got ${JSON.stringify(layout)}`);
  }
  return [data, type, rows, columns, layout === 'row' ? 1 : 0];
}
