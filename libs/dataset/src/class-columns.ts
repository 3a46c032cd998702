import { reservedNameFault } from './class-names.ts';
import type { CsvTable } from './csv-table.ts';
import { DatasetError } from './dataset-error.ts';

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
    const fault = reservedNameFault(name);
    if (fault !== undefined) {
      throw new DatasetError('CSV_HEADER', fault.rule, { file, line: 1, column: name }, fault.hint);
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
