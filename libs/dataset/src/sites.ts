import { columnOf } from './column-of.ts';
import { readCsvTable } from './csv-table.ts';
import { DatasetError, type TablePlace } from './dataset-error.ts';
import { knownText } from './missing-value.ts';
import { instantOf, looksLikeTime, statedTime } from './stated-time.ts';

/** Where and when a clip was taken, as far as the table says. */
export interface ClipOrigin {
  readonly site?: string;
  /** A time without zone is read as UTC: only order and distance between clips of one dataset matter. */
  readonly capturedAt?: Date;
}

/** What a `clips.csv` says. */
export interface OriginTable {
  /** Whether there is such a column at all. */
  readonly hasSites: boolean;
  readonly hasTimes: boolean;
  readonly byFilename: ReadonlyMap<string, ClipOrigin>;
}

/**
 * Reads `filename` with `site`, `captured_at` or both; a cell that {@link isMissing} knows means unknown, other
 * columns are passed over.
 * @throws DatasetError with file, line, column and value of the first fault
 */
export async function readOrigins(path: string): Promise<OriginTable> {
  const table = await readCsvTable(path);
  const siteAt = columnOf(table.header, 'site');
  const timeAt = columnOf(table.header, 'captured_at');
  if (siteAt < 0 && timeAt < 0) {
    throw new DatasetError(
      'CSV_HEADER',
      'there must be a column "site" or "captured_at", got neither',
      { file: path, line: 1 },
      'The header reads filename,site,captured_at.',
    );
  }
  const byFilename = new Map<string, ClipOrigin>();
  for (const { line, filename, cells } of table.rows) {
    const site = knownText(cells[siteAt]);
    const time = knownText(cells[timeAt]);
    byFilename.set(filename, {
      ...(site === '' ? {} : { site }),
      ...(time === '' ? {} : { capturedAt: parseTime(time, { file: path, line, column: 'captured_at', value: time }) }),
    });
  }
  return { hasSites: siteAt >= 0, hasTimes: timeAt >= 0, byFilename };
}

/**
 * Reads a table of which the sites are wanted: as {@link readOrigins}, by filename.
 * @throws DatasetError as it does, and where there is no such column
 */
export async function readSites(path: string): Promise<ReadonlyMap<string, ClipOrigin>> {
  const { hasSites, byFilename } = await readOrigins(path);
  if (hasSites) return byFilename;
  throw new DatasetError(
    'CSV_HEADER',
    'there must be a column "site"',
    { file: path, line: 1 },
    'The header reads filename,site.',
  );
}

function parseTime(text: string, place: TablePlace): Date {
  if (!looksLikeTime(text)) {
    throw new DatasetError(
      'CSV_VALUE',
      'a time must be year-month-day, with or without hours and zone',
      place,
      timeHint,
    );
  }
  const time = captureTime(text);
  if (time === undefined) throw new DatasetError('CSV_VALUE', 'there is no such day, hour or zone', place, timeHint);
  return time;
}

const timeHint = 'Write times as ISO 8601, year first: 2016-03-31T17:05:00 or 2016-03-31T17:05:00+02:00.';

/**
 * Reads a time as tables and containers state it, as {@link statedTime} does; without a zone it is taken for UTC.
 * @returns undefined where it is no time, or there is no such day, hour or offset
 */
export function captureTime(text: string): Date | undefined {
  const time = statedTime(text);
  return time === undefined ? undefined : new Date(instantOf(time));
}
