import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { duckDb, sqlName, sqlString } from './duckdb-session.ts';
import { keyColumn } from './feature-table.ts';

/** The most rows that a DuckDB vector holds. */
export const chunkRows = 2048;
/** Rows of a Parquet row group: a thousand columns of it fit well into the memory limit. */
const rowGroupRows = 16_384;

/** Types of columns, as DuckDB calls them. */
export type ColumnType = 'DOUBLE' | 'FLOAT' | 'INTEGER' | 'VARCHAR';

/** Rows that are made while they are written. */
export interface RowStream {
  /** Filename of each row. */
  readonly keys: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Asked for each piece of the rows once, in their order; values of every column, NaN where a number is missing. */
  readonly valuesOf: (start: number, count: number) => readonly ArrayLike<DuckDBValue>[];
}

/** Writes rows as Parquet (zstd). DuckDB asks for chunk after chunk, so that no second copy of a table is ever in memory. */
export async function streamToParquet(
  connection: DuckDBConnection,
  { keys, columns, valuesOf }: RowStream,
  path: string,
): Promise<void> {
  const duckdb = await duckDb();
  let next = 0;
  connection.registerTableFunction(
    duckdb.DuckDBTableFunction.create({
      name: 'features',
      bindFunction: (bind) => {
        bind.addResultColumn(keyColumn, duckdb.VARCHAR);
        for (const { name, type } of columns) bind.addResultColumn(name, duckdb[type]);
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
        for (const [index, values] of valuesOf(start, count).entries()) {
          const vector = chunk.getColumnVector(index + 1);
          for (let row = 0; row < count; row++) vector.setItem(row, values[row] as DuckDBValue);
          vector.flush();
        }
      },
    }),
  );
  const selected = [sqlName(keyColumn), ...columns.map(valueOrNull)].join(', ');
  await connection.run(
    `COPY (SELECT ${selected} FROM features()) TO ${sqlString(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows}, USE_TMP_FILE false)`,
  );
}

/** DuckDB turns NaN into NULL many times faster than the vectors of its client do; to it, NaN equals NaN. */
function valueOrNull({ name, type }: RowStream['columns'][number]): string {
  const quoted = sqlName(name);
  return type === 'FLOAT' || type === 'DOUBLE' ? `nullif(${quoted}, 'NaN'::${type}) AS ${quoted}` : quoted;
}
