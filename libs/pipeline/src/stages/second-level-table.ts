import { join } from 'node:path';
import type { FeatureMatrix as StackMatrix } from '@primatrix/families';
import { joinTables, toMatrix, type JoinSource } from '@primatrix/feature-table';
import { columnPrefix } from '../second-level-columns.ts';
import { familySet, type Training } from '../training.ts';
import { featureRowsPath } from './features.ts';
import { metadataColumnsFile } from './ingest.ts';
import { trainedNets } from './trained-nets.ts';

/** Clips and their columns, ready for a stacker. */
export interface SecondLevelTable {
  readonly filenames: readonly string[];
  readonly matrix: StackMatrix;
}

/** Which predictions a table takes of the nets: out-of-fold ones for `train`, fold means for the others. */
export type TableSplit = 'train' | 'test' | 'other';

/** Joins metadata, summary rows and the nets' predictions of the clips that have them. Missing values are NaN. */
export async function secondLevelTable(training: Training, split: TableSplit, filenames: readonly string[]): Promise<SecondLevelTable> {
  const { artifacts, dataset } = training;
  const { metadata, features } = familySet(training.families, training.profile);
  const nets = await trainedNets(training);
  const sources: JoinSource[] = [
    { path: join(artifacts, metadataColumnsFile), prefix: columnPrefix(metadata.name), name: metadata.name },
    ...features.map(({ feature }) => ({ path: join(artifacts, featureRowsPath(feature)), prefix: columnPrefix(feature), name: feature })),
    ...nets.map(({ name }) => ({ path: join(artifacts, `nets/${name}/${split}.parquet`), prefix: columnPrefix(name), name, classes: dataset.classes })),
  ];
  const table = await joinTables(sources, filenames);
  const { data, rows, columns } = toMatrix(table);
  return { filenames: rows, matrix: { data, rows: rows.length, columns } };
}

/** The rows of a matrix at these positions. */
export function matrixRows(matrix: StackMatrix, rows: readonly number[]): StackMatrix {
  const width = matrix.columns.length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(matrix.data.subarray(row * width, (row + 1) * width), i * width));
  return { data, rows: rows.length, columns: matrix.columns };
}
