import { join } from 'node:path';
import type { FeatureMatrix as StackMatrix } from '@primatrix/families';
import {
  FeatureTableError,
  joinTables,
  readTable,
  toMatrix,
  type FeatureTable,
  type JoinSource,
} from '@primatrix/feature-table';
import { columnPrefix, missingValue, secondLevelPath, type TableSplit } from '@primatrix/prediction';
import { featureRowsPath } from '../features/features.ts';
import { metadataColumnsFile } from '../ingest/ingest.ts';
import { trainedNets } from '../nets/trained-nets.ts';
import { familySet, type Training } from '../plan/training.ts';
import { neighboursPath } from './neighbours.ts';

/** Columns of feature families by their names; of a family that is not there, all are taken. */
export type FeatureColumns = ReadonlyMap<string, readonly string[]>;

/**
 * Joins metadata, summary rows, the nets' predictions and the neighbours of these clips. Missing values are NaN; each
 * column's source is its family.
 * @param columnsOf as {@link featureColumns} chose them
 * @throws FeatureTableError naming file and column: where a table is missing or damaged, has a clip twice, or other classes
 */
export async function joinSecondLevel(
  training: Training,
  split: TableSplit,
  filenames: readonly string[],
  columnsOf: FeatureColumns = new Map(),
): Promise<FeatureTable> {
  const { artifacts, dataset } = training;
  const { metadata, features, neighbours } = familySet(training.families, training.profile);
  const nets = await trainedNets(training);
  const sources: JoinSource[] = [
    { path: join(artifacts, metadataColumnsFile), prefix: columnPrefix(metadata.name), name: metadata.name },
    ...features.map(({ name }) => {
      const columns = columnsOf.get(name);
      return {
        path: join(artifacts, featureRowsPath(name)),
        prefix: columnPrefix(name),
        name,
        ...(columns === undefined ? {} : { columns }),
      };
    }),
    ...nets.map(({ name }) => ({
      path: join(artifacts, `nets/${name}/${split}.parquet`),
      prefix: columnPrefix(name),
      name,
      classes: dataset.classes,
    })),
    { path: join(artifacts, neighboursPath(split)), prefix: columnPrefix(neighbours.name), name: neighbours.name },
  ];
  return joinTables(sources, filenames);
}

/**
 * The columns of these clips, ready for a stacker, as the table stage left them; a missing value is what the profile says.
 * @param columns those that must be there, in this order, and no others
 * @throws FeatureTableError naming file and column or clip: where the table is damaged, or lacks a clip or a column
 */
export async function secondLevelMatrix(
  training: Pick<Training, 'artifacts' | 'profile'>,
  split: TableSplit,
  filenames: readonly string[],
  columns?: readonly string[],
): Promise<StackMatrix> {
  const path = join(training.artifacts, secondLevelPath(split));
  const there = new Set((await readTable(path, [])).keys);
  const lacking = filenames.find((name) => !there.has(name));
  if (lacking !== undefined) {
    throw new FeatureTableError(
      'TABLE_KEY',
      'the clip must have a row, and has none',
      { table: path, key: lacking },
      'Remove the file and run primatrix train again.',
    );
  }
  const {
    data,
    rows,
    columns: got,
  } = toMatrix(await joinTables([{ path }], filenames), { missing: missingValue(training.profile) });
  const odd = columns === undefined ? undefined : (columns.find((name, i) => got[i] !== name) ?? got[columns.length]);
  if (odd !== undefined) {
    throw new FeatureTableError(
      'TABLE_COLUMN',
      `the columns must be those of ${secondLevelPath('train')}, in their order`,
      { table: path, column: odd },
      'Remove the file and run primatrix train again.',
    );
  }
  return { data, rows: rows.length, columns: got };
}

/** The rows of a matrix at these positions. */
export function matrixRows(matrix: StackMatrix, rows: readonly number[]): StackMatrix {
  const width = matrix.columns.length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(matrix.data.subarray(row * width, (row + 1) * width), i * width));
  return { data, rows: rows.length, columns: matrix.columns };
}
