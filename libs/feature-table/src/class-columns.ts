import { FeatureTableError } from './feature-table-error.ts';
import type { FeatureTable, TableColumn } from './feature-table.ts';

/** Name of the column that says which fold's net made a row. */
export const foldColumn = 'fold';

/**
 * The class columns of a table of predictions, in the order of `classes`.
 * @throws FeatureTableError that names every class which is missing or unknown
 */
export function classColumnsOf(table: FeatureTable, classes: readonly string[], path: string): TableColumn[] {
  const byName = new Map(
    table.columns.filter(({ name }) => name !== foldColumn).map((column) => [column.name, column]),
  );
  const missing = classes.filter((name) => !byName.has(name));
  const unknown = [...byName.keys()].filter((name) => !classes.includes(name));
  const [first] = [...missing, ...unknown];
  if (first !== undefined) {
    const parts = [
      ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
      ...(unknown.length > 0 ? [`unknown ${unknown.join(', ')}`] : []),
    ];
    throw new FeatureTableError(
      'TABLE_COLUMN',
      `the classes differ from the dataset's: ${parts.join('; ')}`,
      { table: path, column: first },
      'Predict again with a net trained on this dataset.',
    );
  }
  return classes.map((name) => byName.get(name) as TableColumn);
}
