import { withAtomicFile } from '@primatrix/files';
import { withDuckDb } from './duckdb-session.ts';
import { FeatureTableError } from './feature-table-error.ts';
import { checkTable, type FeatureTable, isNumberColumn, sortedByKey, type TableColumn } from './feature-table.ts';
import { type ColumnType, type RowStream, streamToParquet } from './parquet-stream.ts';

/**
 * Writes a table as Parquet (zstd), sorted by filename, by rename: readers see the old file or the whole new one.
 * NaN is written as NULL. Equal content gives equal bytes with the same version of DuckDB.
 * @throws FeatureTableError for keys or columns that do not fit together, or a place that cannot be written
 */
export async function writeTable(path: string, table: FeatureTable): Promise<void> {
  checkTable(table, path);
  const sorted = sortedByKey(table);
  try {
    await withAtomicFile(path, (temporary) =>
      withDuckDb((connection) => streamToParquet(connection, rowsOf(sorted), temporary)),
    );
  } catch (cause) {
    throw new FeatureTableError(
      'TABLE_UNWRITABLE',
      `cannot be written (${cause instanceof Error ? cause.message : String(cause)})`,
      { table: path },
      'Check the folder, its permissions and the space on the disk.',
      { cause },
    );
  }
}

function rowsOf({ keys, columns }: FeatureTable): RowStream {
  return {
    keys,
    columns: columns.map((column) => ({ name: column.name, type: typeOf(column) })),
    valuesOf: (start, count) =>
      columns.map((column) =>
        isNumberColumn(column) ? column.values.subarray(start, start + count) : column.text.slice(start, start + count),
      ),
  };
}

function typeOf(column: TableColumn): ColumnType {
  if (!isNumberColumn(column)) return 'VARCHAR';
  if (column.values instanceof Int32Array) return 'INTEGER';
  return column.values instanceof Float32Array ? 'FLOAT' : 'DOUBLE';
}
