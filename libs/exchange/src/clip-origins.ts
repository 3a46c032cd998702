import { columnOf, decimalNumber, knownText, readCsvTable } from '@primatrix/dataset';
import { parseCaptureTime, type CaptureTime } from './capture-time/capture-time.ts';
import { cellError, ExchangeError } from './exchange-error.ts';

/** WGS84, decimal degrees. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Null where it is none: a receiver that never had a fix says 0, 0, which is a place in the sea. */
export function knownPlace(place: Coordinates): Coordinates | null {
  return place.latitude === 0 && place.longitude === 0 ? null : place;
}

/** What a `clips.csv` says of one clip. */
export interface ClipOriginRow {
  readonly site: string | null;
  readonly time: CaptureTime | null;
  readonly coordinates: Coordinates | null;
}

/**
 * Reads `filename` with any of `site`, `captured_at`, `latitude` and `longitude`; empty cells, `NA` and the like
 * mean unknown, other columns are passed over.
 * @throws DatasetError as readCsvTable does; ExchangeError where no such column is there, or naming the cell at fault
 */
export async function readClipOrigins(path: string): Promise<ReadonlyMap<string, ClipOriginRow>> {
  const { header, rows } = await readCsvTable(path);
  const at = (name: string) => columnOf(header, name);
  const [siteAt, timeAt, latitudeAt, longitudeAt] = [at('site'), at('captured_at'), at('latitude'), at('longitude')];
  if (Math.max(siteAt, timeAt, latitudeAt, longitudeAt) < 0) {
    throw new ExchangeError(
      'EXCHANGE_COLUMN',
      `${path}: there must be a column "site", "captured_at" or "latitude", got ${header.join(', ')}`,
      'the header reads filename,site,captured_at,latitude,longitude',
    );
  }
  return new Map(
    rows.map(({ line, filename, cells }) => {
      const degrees = (index: number, column: string, limit: number): number | null => {
        const value = knownText(cells[index]);
        if (value === '') return null;
        const number = decimalNumber(value);
        if (!(Math.abs(number) <= limit)) {
          throw cellError(
            'EXCHANGE_VALUE',
            `must be degrees from -${limit} to ${limit}`,
            { file: path, line, column, value },
            'write decimal degrees, for example -1.95',
          );
        }
        return number;
      };
      const latitude = degrees(latitudeAt, 'latitude', 90);
      const longitude = degrees(longitudeAt, 'longitude', 180);
      if ((latitude === null) !== (longitude === null)) {
        const [column, index] =
          latitude === null ? (['longitude', longitudeAt] as const) : (['latitude', latitudeAt] as const);
        throw cellError(
          'EXCHANGE_VALUE',
          'a place has a latitude and a longitude, got one of both',
          { file: path, line, column, value: cells[index] ?? '' },
          'write both, or leave both empty where the place is not known',
        );
      }
      const stated = knownText(cells[timeAt]);
      const time = stated === '' ? null : parseCaptureTime(stated, 'table');
      if (stated !== '' && time === null) {
        throw cellError(
          'EXCHANGE_VALUE',
          'must be a time that there is',
          { file: path, line, column: 'captured_at', value: stated },
          'write ISO 8601, year first: 2016-03-31T17:05:00 or 2016-03-31T17:05:00+02:00',
        );
      }
      return [
        filename,
        {
          site: knownText(cells[siteAt]) || null,
          time,
          coordinates: latitude === null || longitude === null ? null : knownPlace({ latitude, longitude }),
        },
      ];
    }),
  );
}
