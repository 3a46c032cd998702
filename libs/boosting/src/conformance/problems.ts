import { Rng } from '@primatrix/rng';
import type { Matrix } from '../binding/matrix.ts';

export const noisyRows = 600;
const noisyColumns = 4;

/** 600 rows to train on and 600 to validate: three classes, a third of the labels by chance, so that validation loss rises again. */
export function noisyClasses() {
  const rng = Rng.of(1, 'noisy classes');
  const rows = 2 * noisyRows;
  const data = Float32Array.from({ length: rows * noisyColumns }, () => rng.normal());
  const labels = Float32Array.from({ length: rows }, (_, row) =>
    rng.uniform() < 0.33
      ? rng.int(3)
      : (data[row * noisyColumns] ?? 0) < -0.4
        ? 0
        : (data[row * noisyColumns + 1] ?? 0) < 0.4
          ? 1
          : 2,
  );
  const half = (start: number) => ({
    data: data.subarray(start * noisyColumns, (start + noisyRows) * noisyColumns),
    rows: noisyRows,
    columns: noisyColumns,
    labels: labels.subarray(start, start + noisyRows),
  });
  return { train: half(0), valid: half(noisyRows) };
}

export const clearColumns = 6;

/** Three classes by the sum of the first two columns; a tenth of the other values is missing. */
export function clearClasses(rows: number, seed: number): { matrix: Matrix; labels: Float32Array } {
  const rng = Rng.of(seed, 'three classes');
  const data = new Float32Array(rows * clearColumns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < clearColumns; column++) {
      data[row * clearColumns + column] = column > 1 && rng.uniform() < 0.1 ? Number.NaN : rng.normal();
    }
    const sum = (data[row * clearColumns] ?? 0) + (data[row * clearColumns + 1] ?? 0);
    labels[row] = sum < -0.6 ? 0 : sum < 0.6 ? 1 : 2;
  }
  return { matrix: { data, rows, columns: clearColumns }, labels };
}
