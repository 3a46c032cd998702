import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Rng } from '@primatrix/rng';

export interface TableSize {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

/** Files that hold a table as both sides of the benchmark read it: float32, little-endian, row-major. */
export interface TableFiles extends TableSize {
  readonly matrix: string;
  readonly labels: string;
}

/** Columns that each class shifts. */
const informative = 5;
const shareMissing = 0.02;

/** Writes a table of normal noise, a fiftieth of it missing, in which each class shifts a few columns by one. */
export async function writeTable(folder: string, size: TableSize, seed: number): Promise<TableFiles> {
  const { rows, columns, classes } = size;
  const rng = Rng.of(seed, 'stack bench');
  const data = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = rng.int(classes);
    labels[row] = label;
    for (let column = 0; column < columns; column++) {
      const shift = Math.floor(column / informative) % (2 * classes) === label ? 1 : 0;
      data[row * columns + column] = rng.uniform() < shareMissing ? Number.NaN : rng.normal() + shift;
    }
  }
  const files = { ...size, matrix: join(folder, 'matrix.f32'), labels: join(folder, 'labels.f32') };
  await writeFile(files.matrix, data);
  await writeFile(files.labels, labels);
  return files;
}
