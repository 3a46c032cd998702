import type { DeploymentChange, DeploymentChanged, Reviewer } from '@primatrix/review-api';
import type { ClipRow } from '../clips/clip-row.ts';
import { clockOf } from '../clips/clip-times.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { patchesOf } from './deployment-change.ts';
import type { SettingPatch } from './review-entry.ts';
import type { ReviewProject } from './review-project.ts';

/** Clips of a change that are shown. */
const shown = 6;

interface Asked extends Reviewer {
  readonly site: string | null;
  readonly change: DeploymentChange;
  /** Only says what it would do. */
  readonly preview: boolean;
}

/**
 * Changes where or when the clips of a deployment were taken: one act, which can be undone.
 * @throws HttpProblem 404 where there is no such site, 422 where what is said cannot be
 */
export async function changeDeployment(
  { table, reviews }: Pick<ReviewProject, 'table' | 'reviews'>,
  { site, change, preview, by, from }: Asked,
): Promise<DeploymentChanged> {
  const rows = [...table.rows()].filter((row) => row.site === site);
  if (rows.length === 0) throw new HttpProblem(404, 'SITE_UNKNOWN', `no clip is of the site '${site ?? ''}'`);
  const patches = await patchesOf(change, rows);
  const concerned = rows.filter(({ id }) => patches.has(id));
  const answer = {
    changed: patches.size,
    passed: rows.length - patches.size,
    merges: change.does === 'rename' && change.to !== site && [...table.rows()].some((row) => row.site === change.to),
    examples: spread(concerned.sort(byMoment)).map((row) => ({
      filename: row.filename,
      before: clockOf(row),
      after: clockOf({ ...row, ...timesOf(row, patches.get(row.id) ?? {}) }),
    })),
  };
  if (preview || patches.size === 0) return { act: null, ...answer };
  const { act } = await reviews.settle(patches, {
    ...(by === undefined ? {} : { by }),
    ...(from === undefined ? {} : { from }),
  });
  return { act, ...answer };
}

function timesOf(row: ClipRow, { capturedAt, timeFrom, zone, localClock }: SettingPatch): Partial<ClipRow> {
  return {
    ...(capturedAt === undefined ? {} : { capturedAt, statedTime: capturedAt ?? row.fileTime }),
    ...(timeFrom === undefined ? {} : { timeFrom }),
    ...(zone === undefined ? {} : { zone }),
    ...(localClock === undefined ? {} : { localClock }),
  };
}

/** Unknown times come last. */
function byMoment(a: ClipRow, b: ClipRow): number {
  return (Number.isNaN(a.moment) ? Infinity : a.moment) < (Number.isNaN(b.moment) ? Infinity : b.moment) ? -1 : 1;
}

/** The first, the last, and some between, evenly. */
function spread(rows: readonly ClipRow[]): ClipRow[] {
  if (rows.length <= shown) return [...rows];
  return Array.from({ length: shown }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (shown - 1))] as ClipRow);
}
