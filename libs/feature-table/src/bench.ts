import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlString, withDuckDb } from './duckdb-session.ts';
import type { NeighbourSource } from './neighbour-sums.ts';
import { writeNeighbourTable } from './neighbour-table.ts';

/** What `benchNeighbours` measured. */
export interface NeighbourBench {
  readonly clips: number;
  readonly nets: number;
  readonly classes: number;
  /** Values written. */
  readonly values: number;
  readonly seconds: number;
  /** Most resident memory of this process, in GB (1e9 bytes), making of the input included. */
  readonly peakGB: number;
}

const folds = 5;
const ks = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40, 50];
const nets = ['net-a', 'net-b'];

/**
 * Measures the neighbours of a competition: two thirds of the clips labelled, in five folds that each have predictions of
 * their own, the others half test, half other; 400 sites, and as many columns as the original had.
 * @param clips how many; default the competition's 451,388
 */
export async function benchNeighbours({
  clips = 451_388,
  classes: width = 24,
}: { readonly clips?: number; readonly classes?: number } = {}): Promise<NeighbourBench> {
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-bench-'));
  const classes = Array.from({ length: width }, (_, c) => `class ${c}`);
  const at = (name: string) => join(folder, `${name}.parquet`);
  const tableOf = (net: string, part: string) => ({ path: at(`${net}-${part}`) }) satisfies NeighbourSource;
  try {
    await withDuckDb(async (connection) => {
      const copy = (sql: string, name: string) =>
        connection.run(`COPY (${sql}) TO ${sqlString(at(name))} (FORMAT parquet)`);
      const part = `CASE WHEN i % 3 < 2 THEN 'fold-' || (i % ${folds} + 1) WHEN i % 2 = 0 THEN 'test' ELSE 'other' END`;
      await copy(
        `SELECT 'clip ' || i AS filename, ${part} AS part, 'site ' || (hash(i) % 400) AS site, CAST(hash(i + 7) % 100000000 AS DOUBLE) AS moment FROM range(${clips}) t(i)`,
        'clips',
      );
      for (const [n, net] of nets.entries()) {
        for (const kind of ['test', 'other', ...Array.from({ length: folds }, (_, f) => `fold-${f + 1}`)]) {
          const values = classes.map(
            (name, c) => `CAST((hash(i * 997 + ${n * width + c}, '${kind}') % 1000000) / 1e6 AS FLOAT) AS "${name}"`,
          );
          const rows = kind.startsWith('fold') ? '' : ` AND i % 2 = ${kind === 'test' ? 0 : 1}`;
          await copy(
            `SELECT 'clip ' || i AS filename, ${values.join(', ')} FROM range(${clips}) t(i) WHERE i % 3 = 2${rows}`,
            `${net}-${kind}`,
          );
        }
      }
    });
    const pass = (parts: readonly string[], kinds: readonly string[]) => ({
      parts,
      nets: nets.map((name) => ({ name, sources: kinds.map((kind) => tableOf(name, kind)) })),
    });
    const request = { clips: at('clips'), classes, ks };
    const started = performance.now();
    await writeNeighbourTable({
      ...request,
      passes: Array.from({ length: folds }, (_, f) => pass([`fold-${f + 1}`], [`fold-${f + 1}`])),
      out: at('out-train'),
    });
    for (const part of ['test', 'other']) {
      await writeNeighbourTable({ ...request, passes: [pass([part], ['test', 'other'])], out: at(`out-${part}`) });
    }
    const seconds = (performance.now() - started) / 1000;
    return {
      clips,
      nets: nets.length,
      classes: width,
      values: clips * nets.length * ks.length * width,
      seconds,
      peakGB: (process.resourceUsage().maxRSS * 1024) / 1e9,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
