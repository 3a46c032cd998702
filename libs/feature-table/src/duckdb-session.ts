import type * as DuckDb from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * DuckDB's client: 180 modules and a library, which most commands never need. Its type is written out: one that is
 * inferred names files that TypeScript cannot reach from a checkout whose packages are links.
 */
export const duckDb = (): Promise<typeof DuckDb> => import('@duckdb/node-api');

/**
 * Runs work on a database of its own in memory, closed afterwards whatever happens: nothing stays open between calls.
 * Tables stream through it, so little memory is enough, and nothing spills to disk.
 */
export async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await duckDb();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: '',
    // Tables are local files; nothing may be fetched.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A text as an SQL string. */
export function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** One local Parquet file as an SQL table: its path is no pattern, and no folder name becomes a column. */
export function sqlParquet(path: string): string {
  return `read_parquet(${sqlString(path.replace(/[[*?]/g, '[$&]'))}, hive_partitioning = false, filename = false)`;
}
