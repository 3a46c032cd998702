/** Where a capture time was read. */
export type TimeSource = 'table' | 'container' | 'file-name' | 'package';

/** When a clip was taken, as far as it was stated: a camera's clock need not say its zone. */
export interface CaptureTime {
  /** `YYYY-MM-DDTHH:MM:SS` by the clock that stated it; midnight where only the day is known. */
  readonly local: string;
  /** `Z` or `±hh:mm`; null where nobody said. */
  readonly zone: string | null;
  readonly dayOnly: boolean;
  readonly source: TimeSource;
}

const stated =
  /^(\d{4})[-:/](\d{1,2})[-:/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads ISO 8601, with or without time of day and zone; null where it is none, or no such day or hour exists. */
export function parseCaptureTime(text: string, source: TimeSource): CaptureTime | null {
  const match = stated.exec(text.trim());
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour, minute = '0', second = '0', zone] = match;
  return captureTime({ year, month, day, hour, minute, second, zone }, source);
}

/** Parts of a time as decimal digits; without an hour only the day is known. */
export interface TimeParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  readonly zone?: string | undefined;
}

/** Null where there is no such day or hour. */
export function captureTime(
  { year, month, day, hour, minute = '0', second = '0', zone }: TimeParts,
  source: TimeSource,
): CaptureTime | null {
  const two = (part: string) => part.padStart(2, '0');
  const date = `${year.padStart(4, '0')}-${two(month)}-${two(day)}`;
  const local = `${date}T${two(hour ?? '0')}:${two(minute)}:${two(second)}`;
  // The round trip refuses the 31st of February, and 24:00.
  const instant = new Date(`${local}Z`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 19) !== local) return null;
  return { local, zone: isoZone(zone), dayOnly: hour === undefined, source };
}

function isoZone(zone: string | undefined): string | null {
  if (zone === undefined) return null;
  return /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
}

/** As `clips.csv` states it: no more than is known. */
export function captureText({ local, zone, dayOnly }: CaptureTime): string {
  return dayOnly ? local.slice(0, 10) : `${local}${zone ?? ''}`;
}

/**
 * A container's time, of a camera whose clock shows local time. MP4 and QuickTime state UTC by definition, and most
 * cameras write what their clock shows; a real offset, as phones state it, stays.
 */
export function byLocalClock(time: CaptureTime): CaptureTime {
  return time.source === 'container' && time.zone === 'Z' ? { ...time, zone: null } : time;
}

/** The first that has a time of day, else the first: sources are given in order of trust. */
export function bestTime(times: readonly CaptureTime[]): CaptureTime | null {
  return times.find((time) => !time.dayOnly) ?? times[0] ?? null;
}
