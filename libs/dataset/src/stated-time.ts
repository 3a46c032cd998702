/** When something was, as far as it was stated: a camera's clock need not say its zone. */
export interface StatedTime {
  /** `YYYY-MM-DDTHH:MM:SS` by the clock that stated it; midnight where only the day is known. */
  readonly local: string;
  /** Below a second; 0 to 999. */
  readonly milliseconds: number;
  /** `Z` or `±hh:mm`; null where nobody said. */
  readonly zone: string | null;
  readonly dayOnly: boolean;
}

/** Parts of a time as decimal digits; without an hour only the day is known. */
export interface TimeParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  /** Digits behind the seconds' point. */
  readonly fraction?: string | undefined;
  /** `Z`, `UTC`, `GMT`, `+hh`, `+hhmm` or `+hh:mm`; the minus of printers is one, too. */
  readonly zone?: string | undefined;
}

/** Minutes that the clocks of the earth are off UTC at most: `+14:00` in Kiribati. */
const mostMinutes = 14 * 60;

const pattern =
  /^(\d{4})[-:/](\d{1,2})[-:/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+\u2212-]\d{2}(?::?\d{2})?)?)?$/i;

/** Whether a text has the form of a time, whether or not there is such a day or hour. */
export function looksLikeTime(text: string): boolean {
  return pattern.test(text.trim());
}

/**
 * Reads a time as tables and containers state it: year-month-day, with or without hours and zone. Never `new
 * Date(text)` nor `Date.parse(text)`: those take the zone of the machine, and roll 31 February over.
 * @returns undefined where it is no time, or there is no such day, hour or offset
 */
export function statedTime(text: string): StatedTime | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute, second, fraction, zone] = match;
  return timeOfParts({ year, month, day, hour, minute, second, fraction, zone });
}

/** {@link statedTime} of parts that were found already. */
export function timeOfParts(parts: TimeParts): StatedTime | undefined {
  const { year, month, day, hour, minute = '0', second = '0', fraction = '', zone } = parts;
  const two = (part: string) => part.padStart(2, '0');
  const local = `${year.padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour ?? '0')}:${two(minute)}:${two(second)}`;
  // With its zone, the language's own form of a time: the machine's zone plays no part. The round trip refuses the 31st
  // of February, and 24:00.
  const instant = new Date(`${local}Z`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 19) !== local || Number(year) === 0) {
    return undefined;
  }
  const offset = zone === undefined ? undefined : offsetOf(zone);
  if (zone !== undefined && offset === undefined) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { local, milliseconds, zone: offset?.text ?? null, dayOnly: hour === undefined };
}

/** An offset from UTC; undefined where no clock on earth has it. */
function offsetOf(zone: string): { readonly text: string; readonly minutes: number } | undefined {
  if (/^(z|utc|gmt)$/i.test(zone)) return { text: 'Z', minutes: 0 };
  const [, sign, hours, rest = '00'] = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(zone.replace('\u2212', '-')) ?? [];
  const minutes = Number(hours) * 60 + Number(rest);
  if (!(minutes <= mostMinutes && Number(rest) <= 59)) return undefined;
  return { text: `${sign}${hours}:${rest}`, minutes: sign === '-' ? -minutes : minutes };
}

/** Milliseconds since 1970; a time without zone is taken for UTC. */
export function instantOf({ local, milliseconds, zone }: StatedTime): number {
  const minutes = zone === null ? 0 : (offsetOf(zone)?.minutes ?? 0);
  return Date.parse(`${local}Z`) + milliseconds - minutes * 60_000;
}
