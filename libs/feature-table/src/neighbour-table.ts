import type { DuckDBConnection } from '@duckdb/node-api';
import { withAtomicFile } from '@primatrix/files';
import { classColumnsOf } from './class-columns.ts';
import { sqlParquet, sqlString, withDuckDb } from './duckdb-session.ts';
import { FeatureTableError } from './feature-table-error.ts';
import {
  lookedUp,
  placesOf,
  predictionsOf,
  sumsOf,
  targetsOf,
  type Names,
  type NeighbourWindow,
} from './neighbour-sql.ts';

/** A table of predictions (filename, perhaps fold, one column a class). */
export interface NeighbourSource {
  readonly path: string;
  /** Only the rows of this fold. */
  readonly fold?: number;
}

/** Clips that get their neighbours from the same predictions. */
export interface NeighbourPass {
  /** Values of the column `part`: which clips these are. */
  readonly parts: readonly string[];
  /** Where each net's predictions of the clips that may be neighbours lie; the same nets in every pass. */
  readonly nets: readonly { readonly name: string; readonly sources: readonly NeighbourSource[] }[];
}

/** What a table of neighbours is made of. */
export interface NeighbourTableRequest {
  /** Parquet: filename, part (text), site (text), moment (number: only the order counts). */
  readonly clips: string;
  readonly passes: readonly NeighbourPass[];
  readonly classes: readonly string[];
  /** How many clips before and how many after. */
  readonly ks: readonly number[];
  /**
   * What these are counted in. `predicted` (default): the k predicted clips before and after; `places`: those of the k
   * places before and after, among all clips of the site, that are predicted.
   */
  readonly window?: NeighbourWindow;
  /** Where the table goes. */
  readonly out: string;
}

/** Gigabytes that DuckDB may take; what is more goes to the disk. */
const memoryGB = 3;

/**
 * Writes `<net>/k<k>/<class>` for every clip of the passes: the mean of what the net says of the k predicted clips before
 * it and the k after it at the same site (or of those within k places, see `window`), itself left out; near the ends of a
 * site, of those there are. Clips follow each
 * other by moment, clips of one moment by filename (its UTF-8 bytes). A clip without a site or moment is nobody's
 * neighbour and has none: its columns are missing, as are those of a clip alone at its site.
 *
 * Rows come pass by pass, sorted by filename within each. Probabilities are added as whole multiples of 2^-40, so the
 * order of adding does not matter and equal input gives equal numbers; they are stored as float32.
 * @throws FeatureTableError where a table is not there or damaged, has other classes, or predicts a clip twice
 */
export async function writeNeighbourTable({
  clips,
  passes,
  classes,
  ks,
  out,
  window = 'predicted',
}: NeighbourTableRequest): Promise<void> {
  try {
    await withAtomicFile(out, (temporary) =>
      withDuckDb(
        async (connection) => {
          for (const [i, pass] of passes.entries()) {
            await preparePass(connection, { clips, pass, classes, ks, window }, i);
          }
          const selects = passes.map(({ nets }, i) =>
            lookedUp(
              nets.map((net, n) => ({ ...namesOf(i, n), name: net.name })),
              `targets_${i}`,
              classes,
              ks,
            ),
          );
          await connection.run(
            `COPY (${selects.join(' UNION ALL ')}) TO ${sqlString(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384, USE_TMP_FILE false)`,
          );
        },
        { memoryGB, spill: `${temporary}.spill` },
      ),
    );
  } catch (cause) {
    if (cause instanceof FeatureTableError) throw cause;
    throw new FeatureTableError(
      'TABLE_UNWRITABLE',
      `cannot be made (${cause instanceof Error ? cause.message : String(cause)})`,
      { table: out },
      'Run the stages that make its inputs, and check the space on the disk.',
      { cause },
    );
  }
}

const namesOf = (pass: number, net: number): Names => ({
  predictions: `predictions_${pass}_${net}`,
  places: `places_${pass}_${net}`,
  sums: `sums_${pass}_${net}`,
});

async function preparePass(
  connection: DuckDBConnection,
  {
    clips,
    pass,
    classes,
    ks,
    window,
  }: {
    clips: string;
    pass: NeighbourPass;
    classes: readonly string[];
    ks: readonly number[];
    window: NeighbourWindow;
  },
  i: number,
): Promise<void> {
  for (const [n, net] of pass.nets.entries()) {
    const names = namesOf(i, n);
    for (const { path } of net.sources) await checkClasses(connection, path, classes);
    await connection.run(predictionsOf(names, net.sources, classes));
    await refuseTwins(connection, names, net.sources);
    await connection.run(placesOf(names, sqlParquet(clips), pass.parts, classes, ks, window));
    await connection.run(sumsOf(names, classes));
    await connection.run(`DROP TABLE ${names.predictions}`);
  }
  await connection.run(
    targetsOf(
      `targets_${i}`,
      pass.nets.map((_, n) => namesOf(i, n)),
      sqlParquet(clips),
      pass.parts,
      classes,
      ks,
    ),
  );
  for (const n of pass.nets.keys()) await connection.run(`DROP TABLE ${namesOf(i, n).places}`);
}

async function checkClasses(connection: DuckDBConnection, path: string, classes: readonly string[]): Promise<void> {
  const rows = (
    await connection.runAndReadAll(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${sqlParquet(path)})`)
  ).getRows();
  const columns = rows.map(([name]) => ({ name: String(name), text: [] })).filter(({ name }) => name !== 'filename');
  classColumnsOf({ keys: [], columns }, classes, path);
}

async function refuseTwins(
  connection: DuckDBConnection,
  { predictions }: Names,
  sources: readonly NeighbourSource[],
): Promise<void> {
  const [twin] = (
    await connection.runAndReadAll(
      `SELECT min(filename) FROM ${predictions} GROUP BY filename HAVING count(*) > 1 ORDER BY 1 LIMIT 1`,
    )
  ).getRows();
  if (twin !== undefined) {
    throw new FeatureTableError(
      'TABLE_KEY',
      'a clip may be predicted once only',
      { table: sources.map(({ path }) => path).join(' and '), key: String(twin[0]) },
      'Run the stage that makes the table again.',
    );
  }
}
