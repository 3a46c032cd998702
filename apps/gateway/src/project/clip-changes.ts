import { rm } from 'node:fs/promises';
import { captureTime } from '@primatrix/dataset';
import type { DurableLog } from '@primatrix/files';
import type { TraceContext } from '@primatrix/telemetry';
import type { ClipEntry, ClipRow, Move, PredictAgain, ProjectClip, Removal } from '../clips/clip-row.ts';
import type { ClipTable } from '../clips/clip-table.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { PredictionRun } from '../prediction/prediction-run.ts';
import type { ProjectReviews } from './project-reviews.ts';
import type { WorkerClip } from '../prediction/worker-messages.ts';

/** What of a project its clips' comings and goings concern. */
export interface ChangedParts {
  readonly table: ClipTable;
  readonly clips: Pick<DurableLog<ClipEntry>, 'append'>;
  readonly reviews: Pick<ProjectReviews, 'reopen'>;
  readonly predictions: Pick<DurableLog<PredictAgain>, 'append'>;
  readonly run: Pick<PredictionRun, 'add' | 'remove'>;
  readonly now: () => Date;
}

/**
 * Clips leave a project, come back, and are looked at again. Each step is in the logs before anything follows from it, in an
 * order that holds wherever the process is killed: first that the clips of the same sites are to be weighed again (which
 * is harmless where nothing else happens), then what changes, and files last.
 */
export class ClipChanges {
  private readonly parts: ChangedParts;

  constructor(parts: ChangedParts) {
    this.parts = parts;
  }

  /**
   * Takes up what an earlier process left undone.
   * @param fromRecord clips that the nets have looked at are only weighed
   */
  async resume({ fromRecord = false } = {}): Promise<void> {
    const { table } = this.parts;
    await deleteFiles(table.deleted.values());
    this.enqueue(
      [...table.rows()].filter(({ state }) => state === 'waiting'),
      { fromRecord },
    );
    this.parts.run.add(
      [...table.rows()].filter(({ state, again }) => state !== 'waiting' && again === 'second-level').map(workerClip),
      { weighOnly: true },
    );
  }

  /** Adds clips that are not in the project; those that were removed come back with what was predicted and decided, unless their files were deleted. */
  async add(clips: readonly ProjectClip[], trace?: TraceContext): Promise<void> {
    const { table, reviews, predictions } = this.parts;
    const anew = clips.filter(({ id }) => table.deleted.has(id));
    // Another file may have the same name now: nothing that was said of the old one holds.
    if (anew.length > 0) {
      await reviews.reopen(anew.map(({ id }) => id));
      await predictions.append(anew.map(({ id }) => ({ clip: id, again: 'all' })));
    }
    const back = clips.filter(({ id }) => table.removed(id)?.state === 'predicted');
    const sites = new Set(back.map((clip) => table.siteOf(clip)));
    await this.markSites(sites);
    await this.parts.clips.append(clips);
    for (const clip of clips) table.add(clip);
    this.enqueue(
      rowsOf(
        table,
        clips.map(({ id }) => id),
      ).filter(({ state }) => state === 'waiting' || state === 'provisional'),
      { trace },
    );
    this.weighSites(sites);
  }

  /**
   * Takes clips out of the project. Their files stay, but for uploaded ones where that is asked for.
   * @returns how many were there
   */
  async remove(ids: readonly string[], { deleteUploads }: { readonly deleteUploads: boolean }): Promise<number> {
    const { table, clips, run, now } = this.parts;
    const rows = rowsOf(table, ids);
    const sites = new Set(rows.map(({ site }) => site));
    const gone = new Set(rows.map(({ id }) => id));
    await this.markSites(sites, gone);
    const removals = rows.map((row): Removal => ({
      id: row.id,
      removed: now().toISOString(),
      ...(deleteUploads && row.uploaded ? { deleted: true } : {}),
    }));
    await clips.append(removals);
    for (const removal of removals) table.remove(removal);
    run.remove([...gone]);
    await deleteFiles(rows.filter(({ id }) => table.deleted.has(id)).map(({ path }) => path));
    this.weighSites(sites);
    return rows.length;
  }

  /**
   * Brings removed clips back as they were.
   * @returns how many could be: clips whose files were deleted cannot
   * @throws HttpProblem 409 where another clip has the name of one
   */
  async restore(ids: readonly string[]): Promise<number> {
    const { table } = this.parts;
    const rows = [...new Set(ids)].map((id) => table.removed(id)).filter((row) => row !== undefined);
    const taken = rows.find(({ filename }) => table.named(filename) !== undefined);
    if (taken !== undefined) {
      throw new HttpProblem(409, 'CLIP_NAME_TAKEN', `another clip is called '${taken.filename}' now`, {
        hint: 'remove that one first',
      });
    }
    await this.add(rows.map((row) => ({ id: row.id, filename: row.filename, path: row.path, ...table.originOf(row) })));
    return rows.length;
  }

  /**
   * Moves clips to other sites or times: those that stand beside them, there and where they were, are weighed again.
   * @param sites where they are and where they will be; none where nothing depends on it
   * @param move keeps it, and does it in the table
   */
  async move(ids: readonly string[], sites: ReadonlySet<string | null>, move: () => Promise<void>): Promise<void> {
    await this.markSites(sites);
    await move();
    if (sites.size === 0) return;
    const { table } = this.parts;
    this.enqueue(rowsOf(table, ids).filter(({ state }) => state === 'waiting' || state === 'provisional'));
    this.weighSites(sites);
  }

  /** Files of clips have another place and name: what is known and was said of them stays. */
  async moveFiles(moves: readonly Move[]): Promise<void> {
    await this.parts.clips.append(moves);
    for (const move of moves) this.parts.table.moveFile(move);
  }

  /** Looks at clips again from the start, whatever is known of them; what people decided stays. */
  async again(ids: readonly string[]): Promise<number> {
    const { table, predictions } = this.parts;
    const rows = rowsOf(table, ids);
    await predictions.append(rows.map(({ id }) => ({ clip: id, again: 'all' })));
    for (const { id } of rows) table.again({ clip: id, again: 'all' });
    this.enqueue(rows);
    return rows.length;
  }

  /** Looks again at those of the clips whose files are not as they were when they were looked at; of the others nothing is decoded. */
  lookWhereChanged(ids: readonly string[]): void {
    this.enqueue(rowsOf(this.parts.table, ids));
  }

  private enqueue(
    rows: readonly ClipRow[],
    { fromRecord = false, trace }: { readonly fromRecord?: boolean; readonly trace?: TraceContext | undefined } = {},
  ): void {
    this.parts.run.add(
      rows.map((row) => ({
        ...workerClip(row),
        ...(trace === undefined ? {} : { trace }),
        ...(row.again === 'all' ? { again: true } : fromRecord ? { fromRecord } : {}),
      })),
    );
  }

  /** Keeps that the clips of sites are to be weighed again, as others will stand beside them. */
  private async markSites(sites: ReadonlySet<string | null>, but: ReadonlySet<string> = new Set()): Promise<void> {
    const marks = this.at(sites)
      .filter(({ id, state }) => state === 'predicted' && !but.has(id))
      .map(({ id }): PredictAgain => ({ clip: id, again: 'second-level' }));
    if (marks.length > 0) await this.parts.predictions.append(marks);
  }

  /** Also those that are being predicted just now: they may have been weighed beside clips that have gone. */
  private weighSites(sites: ReadonlySet<string | null>): void {
    const rows = this.at(sites);
    for (const { id, state } of rows) {
      if (state === 'predicted') this.parts.table.again({ clip: id, again: 'second-level' });
    }
    this.parts.run.add(rows.map(workerClip), { weighOnly: true });
  }

  private at(sites: ReadonlySet<string | null>): ClipRow[] {
    return sites.size === 0
      ? []
      : [...this.parts.table.rows()].filter(({ state, site }) => state !== 'failed' && sites.has(site));
  }
}

async function deleteFiles(paths: Iterable<string>): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

function rowsOf(table: ClipTable, ids: readonly string[]): ClipRow[] {
  return [...new Set(ids)].map((id) => table.get(id)).filter((row) => row !== undefined);
}

/** A clip as the predicting process wants it. */
export function workerClip({ id, filename, path, site, capturedAt }: ProjectClip): WorkerClip {
  const time = captureTime(capturedAt ?? '');
  return {
    id,
    file: { filename, path, ...(site === null ? {} : { site }), ...(time == null ? {} : { capturedAt: time }) },
  };
}
