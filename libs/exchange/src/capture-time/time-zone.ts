import { ExchangeError } from '../exchange-error.ts';
import type { CaptureTime } from './capture-time.ts';

/** The zone that the cameras' clocks were set to. */
export interface TimeZone {
  /** As it was given: `+02:00`, `Z`, or a name such as `Africa/Kinshasa`. */
  readonly name: string;
  /** Minutes east of UTC at a local time of the form `YYYY-MM-DDTHH:MM:SS`. */
  offsetMinutes(local: string): number;
  /** Minutes east of UTC at an instant, milliseconds since 1970. */
  offsetMinutesAt(instant: number): number;
}

/**
 * Reads a time zone: `Z`, `UTC`, an offset of at most 14 hours as `+02:00`, or a name of the IANA database as
 * `Africa/Kinshasa`, whose offset follows its summer time.
 * @throws ExchangeError where it is neither an offset nor a zone that this machine knows
 */
export function parseTimeZone(name: string): TimeZone {
  const fixed = /^(?:Z|UTC|([+-])(\d{2}):?(\d{2}))$/i.exec(name);
  if (fixed !== null) {
    const [, sign, hours = '0', minutes = '0'] = fixed;
    const size = Number(hours) * 60 + Number(minutes);
    if (size > 14 * 60 || Number(minutes) > 59) throw unknownZone(name);
    const offset = sign === '-' ? -size : size;
    return { name, offsetMinutes: () => offset, offsetMinutesAt: () => offset };
  }
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (cause) {
    throw unknownZone(name, { cause });
  }
  const offsetAt = (instant: number): number => {
    const part = format.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{2}):?(\d{2})?/.exec(part) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
  return {
    name,
    offsetMinutesAt: offsetAt,
    offsetMinutes(local) {
      const asUtc = Date.parse(`${local}Z`);
      // The offset of the instant before a change of the clocks may differ from that after it: two steps settle it.
      return offsetAt(asUtc - offsetAt(asUtc - offsetAt(asUtc) * 60_000) * 60_000);
    },
  };
}

function unknownZone(name: string, options: ErrorOptions = {}): ExchangeError {
  return new ExchangeError(
    'EXCHANGE_ZONE',
    `there is no time zone ${JSON.stringify(name)}`,
    'write an offset such as +02:00, or a name such as Africa/Kinshasa',
    options,
  );
}

/**
 * `YYYY-MM-DDTHH:MM:SS` with `Z` or `±hh:mm`: what a time says of itself, else by the cameras' zone, else as if it were UTC.
 * @param afterSeconds added, rounded up to whole seconds: the format has no parts of them
 */
export function zonedTimestamp(time: CaptureTime, cameras: TimeZone | undefined, afterSeconds = 0): string {
  const zone = time.zone ?? (cameras === undefined ? 'Z' : offsetText(cameras.offsetMinutes(time.local)));
  return `${new Date(Date.parse(`${time.local}Z`) + Math.ceil(afterSeconds) * 1000).toISOString().slice(0, 19)}${zone}`;
}

/** `Z` or `±hh:mm`: what the clocks of a zone are off UTC at a local time of the form `YYYY-MM-DDTHH:MM:SS`. */
export function offsetIn(zone: TimeZone, local: string): string {
  return offsetText(zone.offsetMinutes(local));
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const two = (n: number) => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
