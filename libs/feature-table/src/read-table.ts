import { existsSync } from 'node:fs';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { sqlName, sqlParquet, withDuckDb } from './duckdb-session.ts';
import { FeatureTableError } from './feature-table-error.ts';
import { checkTable, type FeatureTable, keyColumn, sortedByKey, type TableColumn } from './feature-table.ts';

/**
 * Reads a Parquet table that has a text column `filename`. Floats stay float32 or float64, whole numbers without a
 * missing value become int32 where they fit, all other numbers float64; NULL becomes NaN.
 * @param columns names of the columns to read, in this order; default all, in the file's order
 * @returns the table, sorted by filename
 * @throws FeatureTableError when the file is missing or damaged, a clip has two rows, or a column is missing or of no usable type
 */
export async function readTable(path: string, columns?: readonly string[]): Promise<FeatureTable> {
  if (!existsSync(path)) {
    throw new FeatureTableError(
      'TABLE_NOT_FOUND',
      'there is no such file',
      { table: path },
      'Run the stage that makes it.',
    );
  }
  try {
    const table = await withDuckDb((connection) => readAll(connection, path, columns));
    checkTable(table, path);
    return sortedByKey(table);
  } catch (cause) {
    if (cause instanceof FeatureTableError) throw cause;
    throw new FeatureTableError(
      'TABLE_UNREADABLE',
      `cannot be read as Parquet (${cause instanceof Error ? cause.message : String(cause)})`,
      { table: path },
      'Remove the file and run the stage that makes it.',
      { cause },
    );
  }
}

type Storage = 'float32' | 'float64' | 'int32' | 'text';

interface StoredColumn {
  readonly name: string;
  readonly storage: Storage;
}

async function readAll(connection: DuckDBConnection, path: string, wanted?: readonly string[]): Promise<FeatureTable> {
  const from = sqlParquet(path);
  const stored = await describe(connection, from, path, wanted);
  const rows = Number((await connection.runAndReadAll(`SELECT count(*) FROM ${from}`)).getRows()[0]?.[0] ?? 0);
  const keys: string[] = [];
  const columns = stored.map(({ name, storage }) => emptyColumn(name, storage, rows));
  const result = await connection.stream(
    `SELECT ${[sqlName(keyColumn), ...stored.map(selected)].join(', ')} FROM ${from}`,
  );
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const start = keys.length;
    for (const key of chunk.getColumnValues(0)) {
      // An empty filename is refused with the other faults of keys.
      keys.push(key === null ? '' : String(key));
    }
    for (const [index, column] of columns.entries()) copyVector(chunk, index + 1, column, start);
  }
  return {
    keys,
    columns: columns.map((column): TableColumn =>
      'text' in column ? column : { name: column.name, values: narrowed(column) },
    ),
  };
}

async function describe(
  connection: DuckDBConnection,
  from: string,
  table: string,
  wanted?: readonly string[],
): Promise<StoredColumn[]> {
  const rows = (
    await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`)
  ).getRows();
  const types = new Map(rows.map(([name, type]) => [String(name), String(type)]));
  if (types.get(keyColumn) !== 'VARCHAR') {
    throw new FeatureTableError(
      'TABLE_COLUMN',
      `there must be a text column "${keyColumn}"`,
      { table, column: keyColumn },
      'Write the table with writeTable.',
    );
  }
  types.delete(keyColumn);
  const missing = (wanted ?? []).filter((name) => !types.has(name));
  if (missing.length > 0) {
    throw new FeatureTableError(
      'TABLE_COLUMN',
      `columns are missing: ${missing.join(', ')}`,
      { table, column: missing[0] as string },
      `It has ${[...types.keys()].slice(0, 30).join(', ')}.`,
    );
  }
  return (wanted ?? [...types.keys()]).map((name) => ({
    name,
    storage: storageOf(types.get(name) as string, table, name),
  }));
}

function storageOf(type: string, table: string, column: string): Storage {
  if (type === 'FLOAT') return 'float32';
  if (/^(TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT|BOOLEAN)$/.test(type)) return 'int32';
  if (/^(DOUBLE|U?BIGINT|UINTEGER|U?HUGEINT|DECIMAL.*)$/.test(type)) return 'float64';
  if (/^(VARCHAR|ENUM.*)$/.test(type)) return 'text';
  throw new FeatureTableError(
    'TABLE_VALUE',
    `a column must hold numbers or text, got ${type}`,
    { table, column },
    'Cast the column, or leave it out.',
  );
}

/** Whole numbers are collected as float64 until it is known that none is missing; NaN instead of NULL is read much faster. */
function selected({ name, storage }: StoredColumn): string {
  if (storage === 'text') return `CAST(${sqlName(name)} AS VARCHAR)`;
  const type = storage === 'float32' ? 'FLOAT' : 'DOUBLE';
  return `coalesce(CAST(${sqlName(name)} AS ${type}), 'NaN'::${type})`;
}

type Collected =
  { name: string; storage: Storage; values: Float32Array | Float64Array } | { name: string; text: (string | null)[] };

function emptyColumn(name: string, storage: Storage, rows: number): Collected {
  if (storage === 'text') return { name, text: [] };
  return { name, storage, values: storage === 'float32' ? new Float32Array(rows) : new Float64Array(rows) };
}

function copyVector(chunk: DuckDBDataChunk, index: number, column: Collected, start: number): void {
  const vector = chunk.getColumnVector(index);
  for (let row = 0; row < vector.itemCount; row++) {
    const item = vector.getItem(row);
    if ('text' in column) column.text.push(item as string | null);
    else column.values[start + row] = item as number;
  }
}

function narrowed({
  storage,
  values,
}: {
  storage: Storage;
  values: Float32Array | Float64Array;
}): Float32Array | Float64Array | Int32Array {
  return storage === 'int32' && !values.some(Number.isNaN) ? Int32Array.from(values) : values;
}
