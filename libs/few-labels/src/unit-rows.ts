import type { Matrix } from './products.ts';
import type { Rows } from './rows.ts';

/** Rows brought to length 1; one of length 0 stays. */
export function unitRows({ data, rows, width }: Rows): Matrix {
  const unit = Float32Array.from(data);
  for (let row = 0; row < rows; row++) {
    const own = unit.subarray(row * width, (row + 1) * width);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1;
    own.forEach((value, i) => (own[i] = value / length));
  }
  return { shape: [rows, width], data: unit };
}

/** A matrix with rows and columns exchanged. */
export function transposed({ shape: [rows, columns], data }: Matrix): Matrix {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column] as number;
    }
  }
  return { shape: [columns, rows], data: turned };
}
