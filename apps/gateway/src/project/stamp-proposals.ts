import type { settleTimes, Stamp, StampReader } from '@primatrix/stamps';
import type { StampProposals } from '@primatrix/review-api';
import { ClipError } from '@primatrix/video';
import type { ClipRow } from '../clips/clip-row.ts';
import type { ClipTable } from '../clips/clip-table.ts';
import { clockOf } from '../clips/clip-times.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** What reads stamps, and tells what times they show. */
interface StampTools {
  readonly reader: Pick<StampReader, 'readFile'>;
  readonly settle: (stamps: readonly Stamp[]) => ReturnType<typeof settleTimes>;
}

/** Models and their runtime are loaded by those alone who read stamps. */
async function openTools(): Promise<StampTools> {
  const stamps = await import('@primatrix/stamps');
  return { reader: await stamps.StampReader.open(), settle: (read) => stamps.settleTimes(read) };
}

/**
 * Reads the stamps that cameras burned into the pictures of one deployment at a time: what it finds is proposed, and changes
 * nothing.
 */
export class StampReading implements AsyncDisposable {
  private readonly table: ClipTable;
  private readonly open: () => Promise<StampTools>;
  private tools: StampTools | undefined;
  private stop = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private site: string | null = null;
  private of = 0;
  private state: StampProposals['state'] = 'none';
  private trouble: string | null = null;
  private read: { readonly row: ClipRow; readonly stamp: Stamp }[] = [];

  /** @param open loads what reads; for tests */
  constructor(table: ClipTable, open = openTools) {
    this.table = table;
    this.open = open;
  }

  /**
   * Begins to read the clips of a site; what was being read before is given up.
   * @throws HttpProblem 404 where there is no such site
   */
  async begin(site: string | null): Promise<StampProposals> {
    const rows = [...this.table.rows()].filter((row) => row.site === site && row.state !== 'failed');
    if (rows.length === 0) throw new HttpProblem(404, 'SITE_UNKNOWN', `no clip is of the site '${site ?? ''}'`);
    this.stop.abort();
    await this.work;
    this.stop = new AbortController();
    Object.assign(this, { site, of: rows.length, read: [], state: 'reading', trouble: null });
    this.work = this.readAll(rows, this.stop.signal).then(
      () => void (this.state = 'done'),
      (error: unknown) => {
        this.state = 'stopped';
        this.trouble = this.stop.signal.aborted ? null : (error as Error).message;
      },
    );
    return this.proposals();
  }

  /** What has been read so far; where day and month could be either, all that was read so far decides. */
  proposals(): StampProposals {
    const { state, site, of, trouble, read } = this;
    const times = this.tools?.settle(read.map(({ stamp }) => stamp)) ?? [];
    return {
      ...{ state, site, of, trouble, done: read.length },
      proposals: read.map(({ row, stamp: { camera, temperature } }, i) => ({
        ...{ id: row.id, filename: row.filename, camera, temperature },
        stamp: times[i] ?? null,
        now: clockOf(row),
      })),
    };
  }

  private async readAll(rows: readonly ClipRow[], signal: AbortSignal): Promise<void> {
    this.tools ??= await this.open();
    const { reader } = this.tools;
    for (const row of rows) {
      signal.throwIfAborted();
      const stamp = await reader.readFile(row.path, signal).catch((error: unknown) => {
        if (!(error instanceof ClipError)) throw error;
        return { text: '', times: {}, camera: null, temperature: null };
      });
      this.read.push({ row, stamp });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await this.work;
  }
}
