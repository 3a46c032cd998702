import { captureTime, isBlankClass } from '@primatrix/dataset';
import type { ClipFilter } from '@primatrix/review-api';
import { searchText, type ClipRow } from './clip-row.ts';
import { CameraHealth } from '../season/camera-health.ts';
import { ClipEvents, type ListEntry } from './clip-events.ts';
import { clockOf } from './clip-times.ts';
import type { ClipTable } from './clip-table.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { SecondOpinions } from '../people/second-opinions.ts';

/** The class that says that a clip shows no animal: the bundle's own, whatever it is called. */
export function blankClassOf(classes: readonly string[]): string {
  return classes.find(isBlankClass) ?? 'blank';
}

/** Whether a person has said what the clip shows; else the most probable class stands. */
function decided(row: ClipRow): row is ClipRow & { readonly review: NonNullable<ClipRow['review']> } {
  return row.review !== null && row.review.decision !== 'unsure';
}

/** Filters and sorts clips. The last answer is kept, as pages of one answer are asked for one after the other. */
export class ClipFinder {
  private readonly table: ClipTable;
  private readonly events: ClipEvents;
  private readonly health: CameraHealth;
  private readonly opinions: SecondOpinions | undefined;
  private last: { readonly key: string; readonly version: number; readonly rows: readonly ClipRow[] } | undefined;

  constructor(table: ClipTable, opinions?: SecondOpinions) {
    this.table = table;
    this.opinions = opinions;
    this.events = new ClipEvents(table);
    this.health = new CameraHealth(table);
  }

  /**
   * What a list of the clips shows: those that pass, or the events that they are in.
   * @param name of who asks, where it is known
   */
  list(filter: ClipFilter, name: string | null = null): readonly ListEntry[] {
    const rows = this.find(filter, name);
    if (filter.events === undefined) return rows.map((row) => ({ row, event: null }));
    return this.events.entries(rows, filter.events, filter.open);
  }

  /** Clips that pass, whether or not a list groups them. */
  find({ events: _, open: __, ...filter }: ClipFilter, name: string | null = null): readonly ClipRow[] {
    const key = JSON.stringify(filter.second === 'due' ? { ...filter, name } : filter);
    if (this.last?.key === key && this.last.version === this.table.version) return this.last.rows;
    const passes = predicateOf(filter, this.table.classes);
    const { finding, second } = filter;
    const among = finding === undefined ? undefined : this.health.clipsOf(finding, new Date());
    const rows: ClipRow[] = [];
    const waits = ({ id }: ClipRow) =>
      (second === 'due' ? this.opinions?.isDue(id, name) : this.opinions?.differs(id)) === true;
    for (const row of this.table.rows()) {
      if (passes(row) && among?.has(row.id) !== false && (second === undefined || waits(row))) rows.push(row);
    }
    sortRows(rows, filter);
    this.last = { key, version: this.table.version, rows };
    return rows;
  }

  /** Clips of the same site before and after one, `count` on each side, in order of time; none where its time is unknown. */
  around(clip: ClipRow, count: number): ClipRow[] {
    if (Number.isNaN(clip.moment) || clip.site === null) return [];
    const same: ClipRow[] = [];
    for (const row of this.table.rows()) if (row.site === clip.site && !Number.isNaN(row.moment)) same.push(row);
    sortRows(same, { sort: 'time', descending: 'false' });
    const at = same.indexOf(clip);
    return same.slice(Math.max(0, at - count), at + count + 1);
  }
}

/** Whether a clip was taken at a moment or after it: on machines of all zones the same. */
function atOrAfter(text: string): (row: ClipRow) => boolean {
  const limit = captureTime(text)?.getTime();
  if (limit === undefined) {
    throw new HttpProblem(422, 'REQUEST', `there is no such day, hour or zone: '${text}'`, {
      hint: 'write 2016-03-31 or 2016-03-31T17:05:00Z',
    });
  }
  return ({ moment }) => moment >= limit;
}

function predicateOf(filter: ClipFilter, classes: readonly string[]): (row: ClipRow) => boolean {
  const { species, suggested, site, from, to, minConfidence, maxConfidence, minDisagreement, blank } = filter;
  const { hour, timeless, state, review, search } = filter;
  const tests: ((row: ClipRow) => boolean)[] = [];
  const shows = (name: string) => {
    const index = classes.indexOf(name);
    return (row: ClipRow) => (decided(row) ? row.review.species.includes(name) : row.top === index && index >= 0);
  };
  if (species !== undefined) tests.push(shows(species));
  if (suggested !== undefined) {
    tests.push(({ suggestion, review }) => review === null && suggestion?.species === suggested);
  }
  if (blank !== undefined) {
    const isBlank = shows(blankClassOf(classes));
    tests.push((row) => (row.top >= 0 || row.review !== null) && isBlank(row) === (blank === 'only'));
  }
  if (site !== undefined) tests.push((row) => row.site === site);
  if (from !== undefined) tests.push(atOrAfter(from));
  if (to !== undefined) {
    const late = atOrAfter(to);
    tests.push((row) => !Number.isNaN(row.moment) && !late(row));
  }
  if (minConfidence !== undefined) tests.push((row) => row.top >= 0 && row.confidence >= minConfidence);
  if (maxConfidence !== undefined) tests.push((row) => row.top >= 0 && row.confidence <= maxConfidence);
  if (minDisagreement !== undefined) {
    tests.push(({ disagreement }) => disagreement !== null && disagreement >= minDisagreement);
  }
  if (hour !== undefined) tests.push((row) => Number(clockOf(row)?.slice(11, 13) ?? Number.NaN) === hour);
  if (timeless !== undefined) tests.push((row) => clockOf(row) === null);
  if (state !== undefined) tests.push((row) => row.state === state);
  if (review === 'done') tests.push((row) => row.review !== null);
  else if (review !== undefined) tests.push((row) => (row.review?.decision ?? 'open') === review);
  if (search !== undefined && search !== '') tests.push(says(search, classes));
  return (row) => tests.every((test) => test(row));
}

/** Whether a card says a text: in its name, site or note, or in what it shows, as a person or else the model has it. */
function says(text: string, classes: readonly string[]): (row: ClipRow) => boolean {
  const wanted = searchText(text);
  const has = (said: string) => searchText(said).includes(wanted);
  const byClass = classes.map(has);
  return (row) =>
    row.searched.includes(wanted) ||
    (row.note !== '' && has(row.note)) ||
    (decided(row) ? row.review.species.some(has) : byClass[row.top] === true);
}

/** What is not known comes last in either direction; equal ones stay as they were added. */
function sortRows(rows: ClipRow[], { sort, descending }: Pick<ClipFilter, 'sort' | 'descending'>): void {
  const sign = descending === 'true' ? -1 : 1;
  if (sort === 'added') {
    if (sign < 0) rows.reverse();
  } else if (sort === 'name') {
    rows.sort((a, b) => (a.nameKey < b.nameKey ? -sign : a.nameKey > b.nameKey ? sign : 0));
  } else {
    const value = {
      time: (row: ClipRow) => row.moment,
      confidence: (row: ClipRow) => (row.top < 0 ? Number.NaN : row.confidence),
      disagreement: (row: ClipRow) => row.disagreement ?? Number.NaN,
      teaches: (row: ClipRow) => row.suggestion?.rank ?? Number.NaN,
    }[sort];
    // Numbers alone sort many times faster than what has to be asked for them; after the value, the place keeps the order.
    const keyed = rows.map((row, place) => ({
      row,
      place,
      key: Number.isNaN(value(row)) ? Number.POSITIVE_INFINITY : sign * value(row),
    }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.place - b.place));
    keyed.forEach(({ row }, place) => (rows[place] = row));
  }
}
