import { checkMatrix } from '@primatrix/boosting';
import type { Matrix } from '@primatrix/boosting';
import { errors } from './errors.ts';
import { dataTypes } from './native/c-api.ts';

/** The matrix as the C functions take it: data type, rows, columns, whether row-major. */
export type MatrixArguments = readonly [
  data: Float32Array | Float64Array,
  type: number,
  rows: number,
  columns: number,
  rowMajor: number,
];

/** Checks a matrix, throwing `LightgbmInputError`, and lays out its arguments. */
export function matrixArguments(matrix: Matrix): MatrixArguments {
  checkMatrix(matrix, errors);
  const { data, rows, columns, layout } = matrix;
  return [
    data,
    data instanceof Float32Array ? dataTypes.float32 : dataTypes.float64,
    rows,
    columns,
    layout === 'column' ? 0 : 1,
  ];
}
