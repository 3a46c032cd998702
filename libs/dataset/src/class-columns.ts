import { DatasetError } from './dataset-error.ts';
import type { CsvTable } from './csv-table.ts';

/** Columns of a predictions table that are not classes. */
export const outcomeColumns = ['status', 'fault', 'reason', 'frames_decoded', 'frames_expected'] as const;

/** No class may have these names: prediction tables use them. */
const reserved: readonly string[] = ['filename', 'fold', ...outcomeColumns];

/** A class and where its cells are. */
export interface ClassColumn {
  readonly name: string;
  readonly index: number;
}

/**
 * The class columns of a table, in its order: all but `filename` and those in `others`.
 * @throws DatasetError when a class has a name that prediction tables use for something else
 */
export function classColumns({ file, header }: CsvTable, others: readonly string[] = []): ClassColumn[] {
  const columns = header
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => name !== 'filename' && !others.includes(name));
  for (const { name } of columns) {
    if (reserved.includes(name.toLowerCase())) {
      throw new DatasetError(
        'CSV_HEADER',
        'a class may not have this name',
        { file, line: 1, column: name },
        `Rename the class; ${reserved.join(', ')} are names of other columns.`,
      );
    }
  }
  return columns;
}

/**
 * Where each of the `expected` classes is among `got`.
 * @throws DatasetError that names every class which is missing or unknown
 */
export function matchClasses(expected: readonly string[], got: readonly string[], where: string): number[] {
  const missing = expected.filter((name) => !got.includes(name));
  const unknown = got.filter((name) => !expected.includes(name));
  if (missing.length > 0 || unknown.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
      ...(unknown.length > 0 ? [`unknown ${unknown.join(', ')}`] : []),
    ];
    throw new DatasetError(
      'DATASET_CLASSES',
      `${where} must have the classes of the labels: ${parts.join('; ')}`,
      undefined,
      'Columns are matched by name, in any order; spelling and case count.',
    );
  }
  return expected.map((name) => got.indexOf(name));
}
