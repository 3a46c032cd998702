import { addressOf, checkMatrix, cString } from '@primatrix/boosting';
import type { Matrix, MemoryList } from '@primatrix/boosting';
import { errors } from './errors.ts';

/**
 * Checks a matrix, throwing `XgboostInputError`, and describes it where it lies, as NumPy's `__array_interface__` in JSON: the
 * library reads rows, columns, float32 and float64 in place.
 */
export function arrayInterface(matrix: Matrix): MemoryList {
  checkMatrix(matrix, errors);
  const { data, rows, columns, layout } = matrix;
  const { BYTES_PER_ELEMENT: size } = data;
  const description = {
    data: [0, true],
    shape: [rows, columns],
    strides: layout === 'column' ? [size, rows * size] : [columns * size, size],
    typestr: `<f${size}`,
    version: 3,
  };
  // An address may be too large for a JSON number of JavaScript's.
  const text = JSON.stringify(description).replace('"data":[0,', `"data":[${addressOf(data)},`);
  return { addresses: cString(text), memory: [data] };
}
