import {
  DOUBLE,
  type DuckDBConnection,
  DuckDBTableFunction,
  type DuckDBValue,
  type DuckDBVector,
  FLOAT,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { withAtomicFile } from '@primatrix/files';
import { sqlName, sqlString, withDuckDb } from './duckdb-session.ts';
import { FeatureTableError } from './feature-table-error.ts';
import {
  checkTable,
  type FeatureTable,
  isNumberColumn,
  keyColumn,
  sortedByKey,
  type TableColumn,
} from './feature-table.ts';

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
    await withAtomicFile(path, (temporary) => withDuckDb((connection) => copyToParquet(connection, sorted, temporary)));
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

async function copyToParquet(
  connection: DuckDBConnection,
  { keys, columns }: FeatureTable,
  path: string,
): Promise<void> {
  // DuckDB asks for chunk after chunk, so that no second copy of the table is ever in memory.
  let next = 0;
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: 'features',
      bindFunction: (bind) => {
        bind.addResultColumn(keyColumn, VARCHAR);
        for (const column of columns) bind.addResultColumn(column.name, typeOf(column));
      },
      // One thread: rows keep their order.
      initFunction: (init) => init.setMaxThreads(1),
      mainFunction: (_, chunk) => {
        const start = next;
        const count = Math.min(chunkRows, keys.length - start);
        next += count;
        chunk.rowCount = count;
        if (count === 0) return;
        chunk.setColumnValues(0, keys.slice(start, start + count));
        columns.forEach((column, index) => fillVector(chunk.getColumnVector(index + 1), column, start));
      },
    }),
  );
  const selected = [sqlName(keyColumn), ...columns.map(valueOrNull)].join(', ');
  await connection.run(
    `COPY (SELECT ${selected} FROM features()) TO ${sqlString(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows}, USE_TMP_FILE false)`,
  );
}

function typeOf(column: TableColumn) {
  if (!isNumberColumn(column)) return VARCHAR;
  if (column.values instanceof Int32Array) return INTEGER;
  return column.values instanceof Float32Array ? FLOAT : DOUBLE;
}

/** DuckDB turns NaN into NULL many times faster than the vectors of its client do; to it, NaN equals NaN. */
function valueOrNull(column: TableColumn): string {
  const name = sqlName(column.name);
  const type = typeOf(column);
  return type === FLOAT || type === DOUBLE ? `nullif(${name}, 'NaN'::${type.toString()}) AS ${name}` : name;
}

function fillVector(vector: DuckDBVector, column: TableColumn, start: number): void {
  const items = isNumberColumn(column) ? column.values : column.text;
  for (let row = 0; row < vector.itemCount; row++) vector.setItem(row, items[start + row] as DuckDBValue);
  vector.flush();
}
