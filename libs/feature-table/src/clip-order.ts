import { FeatureTableError } from './feature-table-error.ts';
import { isNumberColumn } from './feature-table.ts';
import { readTable } from './read-table.ts';

/** Clips numbered by filename (its UTF-8 bytes), and the places at which they follow each other, site by site. */
export interface ClipOrder {
  /** [clips] */
  readonly filenames: readonly string[];
  /** [clips]: which clips these are; null for one that belongs to none. */
  readonly parts: readonly (string | null)[];
  /** [clips]: the clip's place; -1 for one without a site or a moment, which has none. */
  readonly placeOf: Int32Array;
  /** [places]: the clip at each. */
  readonly clipAt: Int32Array;
  /** [places]: the first place of its site. */
  readonly siteStart: Int32Array;
  /** [places]: the place after the last of its site. */
  readonly siteEnd: Int32Array;
}

/**
 * Reads a table of `part` (text), `site` (text) and `moment` (number).
 * @throws FeatureTableError as readTable, and where a column is of the other kind
 */
export async function readClipOrder(path: string): Promise<ClipOrder> {
  const { keys, columns } = await readTable(path, ['part', 'site', 'moment']);
  const [part, site, moment] = columns;
  if (part === undefined || site === undefined || moment === undefined) {
    throw new RangeError('readTable left out a column');
  }
  if (isNumberColumn(part) || isNumberColumn(site) || !isNumberColumn(moment)) {
    throw new FeatureTableError(
      'TABLE_VALUE',
      'part and site must be text, and moment a number',
      { table: path },
      'Run the stage that makes it again.',
    );
  }
  const rows = rowsByBytes(keys);
  const sites = new Map<string, number>();
  const siteOf = Int32Array.from(rows, (row) => {
    const name = site.text[row] ?? null;
    if (name === null) return -1;
    const known = sites.get(name);
    if (known === undefined) sites.set(name, sites.size);
    return known ?? sites.size - 1;
  });
  const moments = Float64Array.from(rows, (row) => moment.values[row] ?? Number.NaN);
  return {
    filenames: Array.from(rows, (row) => keys[row] ?? ''),
    parts: Array.from(rows, (row) => part.text[row] ?? null),
    ...placesOf(siteOf, moments),
  };
}

/** Rows in the order of their filenames' UTF-8 bytes. Tables are sorted by code units, which differ from the surrogates on. */
function rowsByBytes(keys: readonly string[]): Int32Array {
  const rows = Int32Array.from(keys.keys());
  if (!keys.some((key) => /[\ud800-\uffff]/.test(key))) return rows;
  const bytes = keys.map((key) => Buffer.from(key));
  return rows.sort((a, b) => Buffer.compare(bytes[a] as Buffer, bytes[b] as Buffer));
}

/** Clips of one moment follow each other by their numbers. */
function placesOf(
  siteOf: Int32Array,
  moments: Float64Array,
): Pick<ClipOrder, 'placeOf' | 'clipAt' | 'siteStart' | 'siteEnd'> {
  const placed = Int32Array.from(siteOf.keys()).filter(
    (clip) => (siteOf[clip] as number) >= 0 && !Number.isNaN(moments[clip]),
  );
  const clipAt = placed.sort(
    (a, b) => (siteOf[a] as number) - (siteOf[b] as number) || (moments[a] as number) - (moments[b] as number) || a - b,
  );
  const placeOf = new Int32Array(siteOf.length).fill(-1);
  clipAt.forEach((clip, place) => (placeOf[clip] = place));
  const siteStart = new Int32Array(clipAt.length);
  const siteEnd = new Int32Array(clipAt.length);
  for (let start = 0; start < clipAt.length;) {
    let end = start + 1;
    while (end < clipAt.length && siteOf[clipAt[end] as number] === siteOf[clipAt[start] as number]) end++;
    siteStart.fill(start, start, end);
    siteEnd.fill(end, start, end);
    start = end;
  }
  return { placeOf, clipAt, siteStart, siteEnd };
}
