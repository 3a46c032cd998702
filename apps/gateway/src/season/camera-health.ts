import { groupEvents, isBlankClass } from '@primatrix/dataset';
import type { Finding } from '@primatrix/review-api';
import { isFactoryTime } from '@primatrix/video';
import type { ClipRow } from '../clips/clip-row.ts';
import type { ClipTable } from '../clips/clip-table.ts';
import { clockOf } from '../clips/clip-times.ts';
import { covered, moved } from './camera-views.ts';
import { shownSpecies } from './shown-species.ts';

/** So many blank clips without a pause are no animal that passes: branches, sun, a trigger that is stuck. */
const stuckClips = 40;
/** Minutes that end a run of triggers. */
const stuckPause = 5;
/** A clock that is so far ahead of ours, milliseconds, is wrong: zones differ by less than two days. */
const ahead = 2 * 86_400_000;
/** A clock that falls so far behind the clip before, milliseconds, was reset; files of one second may be out of order. */
const behind = 3_600_000;

/** What tells of it, without where. */
type FindingFacts = Finding extends infer One
  ? One extends Finding
    ? Omit<One, 'id' | 'site' | 'clips'>
    : never
  : never;

interface Found {
  readonly finding: Finding;
  readonly ids: ReadonlySet<string>;
}

/** What clips tell of cameras and cards: copies, clocks, triggers. Kept until a clip changes. */
export class CameraHealth {
  private readonly table: ClipTable;
  private last: { readonly version: number; readonly found: readonly Found[] } | undefined;

  constructor(table: ClipTable) {
    this.table = table;
  }

  findings(now: Date): Finding[] {
    return this.look(now).map(({ finding }) => finding);
  }

  /** Clips of a finding; none where there is no such one any more. */
  clipsOf(id: string, now: Date): ReadonlySet<string> {
    return this.look(now).find(({ finding }) => finding.id === id)?.ids ?? new Set();
  }

  private look(now: Date): readonly Found[] {
    const { version } = this.table;
    if (this.last?.version === version) return this.last.found;
    const rows = [...this.table.rows()];
    const found = [...copies(rows), ...clocks(rows, now), ...triggers(rows, this.table.classes), ...views(rows)];
    this.last = { version, found };
    return found;
  }
}

function found(site: string | null, rows: readonly ClipRow[], facts: FindingFacts): Found {
  return {
    finding: { ...facts, id: `${facts.kind}:${site ?? ''}`, site, clips: rows.length },
    ids: new Set(rows.map(({ id }) => id)),
  };
}

function bySite<Row extends { readonly site: string | null }>(rows: readonly Row[]): Map<string | null, Row[]> {
  const sites = new Map<string | null, Row[]>();
  for (const row of rows) {
    const known = sites.get(row.site);
    if (known === undefined) sites.set(row.site, [row]);
    else known.push(row);
  }
  return sites;
}

/** Cameras that look elsewhere, or at nothing. */
function* views(rows: readonly ClipRow[]): Iterable<Found> {
  const seen = rows.flatMap((row) => {
    const clock = row.backdrop === null || Number.isNaN(row.moment) ? null : clockOf(row);
    return row.backdrop === null || clock === null
      ? []
      : [{ row, site: row.site, start: row.moment, hour: Number(clock.slice(11, 13)), greys: row.backdrop }];
  });
  for (const [site, views] of bySite(seen)) {
    if (site === null) continue;
    const turned = moved(views);
    if (turned.length > 0) {
      const some = turned.flat().map(({ row }) => row);
      yield found(site, some, { kind: 'moved', times: turned.length });
    }
    const blind = covered(views).map(({ row }) => row);
    if (blind.length > 0) yield found(site, blind, { kind: 'covered' });
  }
}

/** Files with the same bytes. */
function* copies(rows: readonly ClipRow[]): Iterable<Found> {
  const first = new Map<string, ClipRow>();
  const again: ClipRow[] = [];
  for (const row of rows) {
    if (row.sha256 === null) continue;
    if (first.has(row.sha256)) again.push(row);
    else first.set(row.sha256, row);
  }
  for (const [site, some] of bySite(again)) {
    const of = new Set(some.map(({ sha256 }) => first.get(sha256 ?? '')?.site ?? null));
    yield found(site, some, { kind: 'copied-twice', of: [...of] });
  }
}

/** Clocks that were never set, run ahead, or fell back while the numbers of the files went on. */
function* clocks(rows: readonly ClipRow[], now: Date): Iterable<Found> {
  const timed = rows.filter(({ moment }) => !Number.isNaN(moment));
  for (const [site, some] of bySite(timed)) {
    const late = some.filter(({ moment }) => moment > now.getTime() + ahead);
    if (late.length > 0) yield found(site, late, { kind: 'clock-ahead' });
    const unset = some.filter((row) => isFactoryTime(clockOf(row) ?? ''));
    const fell = fallen(some);
    const reset = [...new Set([...unset, ...fell])];
    if (reset.length === 0) continue;
    yield found(site, reset, { kind: 'clock-reset', unset: unset.length, back: fell.length });
  }
}

/** Clips whose clock fell back behind that of the file before in the same folder. */
function fallen(rows: readonly ClipRow[]): ClipRow[] {
  // Listings come in this order as a rule: then nothing needs to be sorted.
  const inOrder = rows.every((row, i) => i === 0 || (rows[i - 1] as ClipRow).nameKey <= row.nameKey);
  const order = inOrder ? rows : [...rows].sort((a, b) => (a.nameKey < b.nameKey ? -1 : a.nameKey > b.nameKey ? 1 : 0));
  return order.filter((row, i) => {
    const before = order[i - 1];
    return before !== undefined && before.moment - row.moment > behind && folderOf(before) === folderOf(row);
  });
}

function folderOf({ filename }: ClipRow): string {
  return filename.slice(0, filename.lastIndexOf('/') + 1);
}

/** Long runs of triggers at which nothing was there. */
function* triggers(rows: readonly ClipRow[], classes: readonly string[]): Iterable<Found> {
  const clips = rows.map((row) => ({ row, site: row.site, start: row.moment, end: row.moment + lengthMs(row) }));
  const stuck = groupEvents(clips, stuckPause)
    .filter(({ clips: run }) => run.length >= stuckClips)
    .map(({ clips: run }) => run.map(({ row }) => row))
    .filter((run) => run.every((row) => shownSpecies(row, classes)?.every(isBlankClass) === true));
  for (const [site, runs] of bySite(stuck.map((run) => ({ site: run[0]?.site ?? null, run })))) {
    const some = runs.flatMap(({ run }) => run);
    yield found(site, some, { kind: 'stuck-trigger', times: runs.length, least: stuckClips });
  }
}

function lengthMs({ metadata }: ClipRow): number {
  return (metadata?.durationSeconds ?? 0) * 1000;
}
