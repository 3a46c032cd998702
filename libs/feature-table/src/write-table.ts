import { rm } from 'node:fs/promises';
import { DOUBLE, DuckDBDataChunk, type DuckDBConnection, FLOAT, INTEGER, VARCHAR } from '@duckdb/node-api';
import { withAtomicFile } from '@primatrix/files';
import { sqlName, sqlString, withDuckDb } from './duckdb-session.ts';
import { FeatureTableError } from './feature-table-error.ts';
import { checkTable, type FeatureTable, isNumberColumn, keyColumn, sortedByKey, type TableColumn } from './feature-table.ts';

/** The most rows that a DuckDB vector holds. */
const chunkRows = 2048;
/** Rows of a Parquet row group: a thousand columns of it fit well into the memory limit. */
const rowGroupRows = 16_384;

/**
 * Writes a table as Parquet (zstd), sorted by filename, by rename: readers see the old file or the whole new one.
 * NaN is written as NULL. Equal content gives equal bytes with the same version of DuckDB.
 * @throws FeatureTableError for keys or columns that do not fit together, or a place that cannot be written
 */
export async function writeTable(path: string, table: FeatureTable): Promise<void> {
  checkTable(table, path);
  const sorted = sortedByKey(table);
  try {
    await withAtomicFile(path, async (temporary) => {
      const spillFolder = `${temporary}.spill`;
      try {
        await withDuckDb(spillFolder, (connection) => copyToParquet(connection, sorted, temporary));
      } finally {
        await rm(spillFolder, { recursive: true, force: true });
      }
    });
  } catch (cause) {
    throw new FeatureTableError('TABLE_UNWRITABLE', `cannot be written (${cause instanceof Error ? cause.message : String(cause)})`, { table: path }, 'Check the folder, its permissions and the space on the disk.', { cause });
  }
}

async function copyToParquet(connection: DuckDBConnection, { keys, columns }: FeatureTable, path: string): Promise<void> {
  const types = [VARCHAR, ...columns.map(typeOf)];
  const definitions = [keyColumn, ...columns.map((column) => column.name)].map((name, i) => `${sqlName(name)} ${(types[i] as { toString(): string }).toString()}`);
  await connection.run(`CREATE TABLE features (${definitions.join(', ')})`);
  const appender = await connection.createAppender('features');
  try {
    for (let start = 0; start < keys.length; start += chunkRows) {
      const count = Math.min(chunkRows, keys.length - start);
      const chunk = DuckDBDataChunk.create(types, count);
      chunk.setColumnValues(0, keys.slice(start, start + count));
      columns.forEach((column, index) => fillVector(chunk, index + 1, column, start, count));
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  await connection.run(`COPY features TO ${sqlString(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows}, USE_TMP_FILE false)`);
}

function typeOf(column: TableColumn) {
  if (!isNumberColumn(column)) return VARCHAR;
  if (column.values instanceof Int32Array) return INTEGER;
  return column.values instanceof Float32Array ? FLOAT : DOUBLE;
}

function fillVector(chunk: DuckDBDataChunk, index: number, column: TableColumn, start: number, count: number): void {
  if (!isNumberColumn(column)) {
    chunk.setColumnValues(index, column.text.slice(start, start + count));
    return;
  }
  const values = Array.from(column.values.subarray(start, start + count), (value) => (Number.isNaN(value) ? null : value));
  chunk.setColumnValues(index, values);
}
