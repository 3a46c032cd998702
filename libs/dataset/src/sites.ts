import { readCsvTable } from './csv-table.ts';
import { DatasetError, type TablePlace } from './dataset-error.ts';

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
 * Reads `filename` with `site`, `captured_at` or both; an empty cell means unknown, other columns are passed over.
 * @throws DatasetError with file, line, column and value of the first fault
 */
export async function readOrigins(path: string): Promise<OriginTable> {
  const table = await readCsvTable(path);
  const siteAt = table.header.indexOf('site');
  const timeAt = table.header.indexOf('captured_at');
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
    const site = cells[siteAt] ?? '';
    const time = cells[timeAt] ?? '';
    byFilename.set(filename, {
      ...(site === '' ? {} : { site }),
      ...(time === '' ? {} : { capturedAt: parseTime(time, { file: path, line, column: 'captured_at', value: time }) }),
    });
  }
  return { hasSites: siteAt >= 0, hasTimes: timeAt >= 0, byFilename };
}

const timePattern =
  /^(\d{4})[-:/](\d{2})[-:/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/;

function parseTime(text: string, place: TablePlace): Date {
  if (!timePattern.test(text)) {
    throw new DatasetError(
      'CSV_VALUE',
      'a time must be year-month-day, with or without hours and zone',
      place,
      timeHint,
    );
  }
  const time = captureTime(text);
  if (time === undefined) throw new DatasetError('CSV_VALUE', 'there is no such day or hour', place, timeHint);
  return time;
}

const timeHint = 'Write times as ISO 8601, year first: 2016-03-31T17:05:00 or 2016-03-31T17:05:00+02:00.';

/**
 * Reads a time as tables and containers state it: year-month-day, with or without hours and zone; without a zone it is
 * taken for UTC. Never `new Date(text)`: that takes the zone of the machine, and rolls 31 February over.
 * @returns undefined where it is no time, or there is no such day or hour
 */
export function captureTime(text: string): Date | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
  const same = local.getUTCFullYear() === year && local.getUTCMonth() === month - 1 && local.getUTCDate() === day;
  if (!same || hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = match[8];
  if (zone === undefined || zone === 'Z') return local;
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return new Date(local.getTime() - (zone.startsWith('-') ? -1 : 1) * offsetMinutes * 60_000);
}
