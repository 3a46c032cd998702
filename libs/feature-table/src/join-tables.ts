import { classColumnsOf } from './class-columns.ts';
import { FeatureTableError } from './feature-table-error.ts';
import { checkTable, type FeatureTable, keyColumn, takeRows } from './feature-table.ts';
import { readTable } from './read-table.ts';

/** One Parquet file of a join. */
export interface JoinSource {
  readonly path: string;
  /** Put before the names of its columns, such as `vgg16-gru/`. Default none. */
  readonly prefix?: string;
  /** What the data dictionary calls the source. Default: the path. */
  readonly name?: string;
  /** Columns to take, in this order. Default all. */
  readonly columns?: readonly string[];
  /** For tables of predictions: besides `fold`, which is not taken, the columns must be these, no more and no fewer. */
  readonly classes?: readonly string[];
}

/**
 * Joins tables by filename. A clip that a table lacks has missing values in its columns.
 * @param keys the clips wanted; rows of other clips are left out. Default: every clip of any table
 * @returns one table, sorted by filename, columns in the order of the sources
 * @throws FeatureTableError that names the table and column: as readTable, and when classes differ or a name is taken
 */
export async function joinTables(sources: readonly JoinSource[], keys?: readonly string[]): Promise<FeatureTable> {
  if (keys !== undefined) checkTable({ keys, columns: [] }, 'of the clips wanted');
  const wanted = keys?.toSorted();
  const tables: FeatureTable[] = [];
  const takenBy = new Map<string, string>([[keyColumn, 'every table']]);
  for (const source of sources) {
    const table = await readSource(source);
    for (const { name } of table.columns) {
      const earlier = takenBy.get(name.toLowerCase());
      if (earlier !== undefined) {
        throw new FeatureTableError(
          'TABLE_COLUMN',
          `${earlier} has a column of this name`,
          { table: source.path, column: name },
          'Give each table a prefix of its own.',
        );
      }
      takenBy.set(name.toLowerCase(), source.path);
    }
    // At once where the clips are known: what was read would else be in memory beside its aligned copy until the last table is there.
    tables.push(wanted === undefined ? table : align(table, wanted));
  }
  const rows = wanted ?? [...new Set(tables.flatMap((table) => table.keys))].sort();
  return { keys: rows, columns: tables.flatMap((table) => align(table, rows).columns) };
}

async function readSource({ path, prefix = '', name = path, columns, classes }: JoinSource): Promise<FeatureTable> {
  const table = await readTable(path, columns);
  const wanted = classes === undefined ? table.columns : classColumnsOf(table, classes, path);
  return {
    keys: table.keys,
    columns: wanted.map((column) => ({ ...column, name: `${prefix}${column.name}`, source: name })),
  };
}

function align(table: FeatureTable, keys: readonly string[]): FeatureTable {
  if (keys.length === table.keys.length && keys.every((key, row) => key === table.keys[row])) return table;
  const rowOf = new Map(table.keys.map((key, row) => [key, row]));
  return takeRows(
    table,
    Int32Array.from(keys, (key) => rowOf.get(key) ?? -1),
    keys,
  );
}
