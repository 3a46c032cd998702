import { type FeatureTable, isNumberColumn } from './feature-table.ts';

/** Numbers of a table, with the names of its rows: what models take (`FeatureMatrix` of `@primatrix/families`) has only how many. */
export interface TableMatrix<D extends 'float32' | 'float64' = 'float32' | 'float64'> {
  /** [rows, columns], row-major. */
  readonly data: { float32: Float32Array; float64: Float64Array }[D];
  /** Filenames. */
  readonly rows: readonly string[];
  /** Names of the columns. */
  readonly columns: readonly string[];
}

/** How a matrix is made. */
export interface MatrixOptions<D extends 'float32' | 'float64'> {
  /** Default float32. */
  readonly dtype?: D;
  /** What stands for a missing value: NaN (default), or a number such as the original's -1. */
  readonly missing?: number;
}

/** All columns of numbers of a table as one matrix; columns of text are left out. */
export function toMatrix<D extends 'float32' | 'float64' = 'float32'>(
  table: FeatureTable,
  { dtype, missing = Number.NaN }: MatrixOptions<D> = {},
): TableMatrix<D> {
  const columns = table.columns.filter(isNumberColumn);
  const width = columns.length;
  const length = table.keys.length * width;
  const data = dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  columns.forEach(({ values }, c) => {
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number;
      data[row * width + c] = Number.isNaN(value) ? missing : value;
    }
  });
  return { data: data as TableMatrix<D>['data'], rows: table.keys, columns: columns.map((column) => column.name) };
}
