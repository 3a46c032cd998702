import { FeatureTableError } from './feature-table-error.ts';

/** A column of numbers: float64, float32 (kept as such in the file) or int32. NaN is a missing value; int32 has none. */
export interface NumberColumn {
  readonly name: string;
  /** [clips] */
  readonly values: Float64Array | Float32Array | Int32Array;
  /** Where the column is from, for the data dictionary. */
  readonly source?: string;
}

/** A column of words, such as a status: never part of a matrix. Null is a missing value. */
export interface TextColumn {
  readonly name: string;
  /** [clips] */
  readonly text: readonly (string | null)[];
  readonly source?: string;
}

/** One column of a feature table. */
export type TableColumn = NumberColumn | TextColumn;

/** Columns by clip. Tables that were read or joined are sorted by filename (by UTF-16 code units). */
export interface FeatureTable {
  /** Filenames of the clips, each once. */
  readonly keys: readonly string[];
  readonly columns: readonly TableColumn[];
}

/** Name of the key column in a Parquet file. */
export const keyColumn = 'filename';

/** Whether a column holds numbers. */
export function isNumberColumn(column: TableColumn): column is NumberColumn {
  return 'values' in column;
}

/**
 * The table with more columns, which follow the order of its keys.
 * @throws FeatureTableError when a column has another length than the table, or a name that is taken
 */
export function withColumns(table: FeatureTable, columns: readonly TableColumn[]): FeatureTable {
  const result = { keys: table.keys, columns: [...table.columns, ...columns] };
  checkTable(result, 'in memory');
  return result;
}

/**
 * Makes sure that a table can be written: keys not empty and each once, column names each once without regard to case
 * (DuckDB reads them so), and all columns as long as the keys.
 * @throws FeatureTableError that names table and column
 */
export function checkTable({ keys, columns }: FeatureTable, table: string): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (key === '') {
      throw new FeatureTableError(
        'TABLE_KEY',
        'a row must have a filename, got an empty one',
        { table },
        'Name every row after its clip.',
      );
    }
    if (seen.has(key)) {
      throw new FeatureTableError(
        'TABLE_KEY',
        'a clip may have one row only',
        { table, key },
        'Remove the second row.',
      );
    }
    seen.add(key);
  }
  const names = new Set([keyColumn]);
  for (const column of columns) {
    const { name } = column;
    const length = isNumberColumn(column) ? column.values.length : column.text.length;
    if (name === '' || names.has(name.toLowerCase())) {
      throw new FeatureTableError(
        'TABLE_COLUMN',
        'a column must have a name of its own, case apart',
        { table, column: name },
        'Rename it, or give its table another prefix.',
      );
    }
    names.add(name.toLowerCase());
    if (length !== keys.length) {
      throw new FeatureTableError(
        'TABLE_SHAPE',
        `a column must have one value a clip, ${keys.length}, got ${length}`,
        { table, column: name },
        'Give one value a clip, NaN or null where it is missing.',
      );
    }
  }
}

/** Rows sorted by filename; the same table when they are already. */
export function sortedByKey<T extends FeatureTable>(table: T): FeatureTable {
  const { keys } = table;
  if (keys.every((key, row) => row === 0 || (keys[row - 1] as string) < key)) return table;
  const order = Uint32Array.from(keys.keys()).sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : 1));
  return takeRows(table, order);
}

/** The rows at these positions, in this order; -1 gives a row of missing values under the key that `keys` names. */
export function takeRows(table: FeatureTable, rows: Uint32Array | Int32Array, keys?: readonly string[]): FeatureTable {
  return {
    keys: keys ?? Array.from(rows, (row) => table.keys[row] as string),
    columns: table.columns.map((column): TableColumn => {
      if (!isNumberColumn(column)) return { ...column, text: Array.from(rows, (row) => column.text[row] ?? null) };
      const { values } = column;
      // Int32 has no missing value: such a column becomes float64 when a row is missing.
      const taken =
        values instanceof Int32Array && !rows.includes(-1)
          ? new Int32Array(rows.length)
          : emptyLike(values, rows.length);
      for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i] as number] ?? Number.NaN;
      return { ...column, values: taken };
    }),
  };
}

function emptyLike(values: NumberColumn['values'], length: number): Float32Array | Float64Array {
  return values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
