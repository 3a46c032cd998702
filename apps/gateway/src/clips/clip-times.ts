import {
  bestTime,
  byLocalClock,
  captureText,
  factsOfName,
  offsetIn,
  parseCaptureTime,
  parseTimeZone,
  type CaptureTime,
  type TimeZone,
} from '@primatrix/exchange';
import type { ClipRow } from './clip-row.ts';

const toTheSecond = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

type Timed = Pick<ClipRow, 'filename' | 'capturedAt' | 'statedTime' | 'timeFrom' | 'zone' | 'localClock'>;

/** Asking the machine for a zone takes longer than all else; a project has few. */
const zones = new Map<string, TimeZone>();

function zoneOf(name: string): TimeZone {
  const zone = zones.get(name) ?? parseTimeZone(name);
  zones.set(name, zone);
  return zone;
}

/** When a clip was taken, as far as anybody says: a person, a table, the file or its name; in the camera's zone where that is known. */
export function timeOfClip({
  filename,
  capturedAt,
  statedTime,
  timeFrom,
  zone,
  localClock,
}: Timed): CaptureTime | null {
  const source = timeFrom ?? (capturedAt === null ? 'container' : 'table');
  const stated = statedTime === null ? null : parseCaptureTime(statedTime, source);
  const own = stated !== null && localClock ? byLocalClock(stated) : stated;
  // Names are asked where nothing else tells the time of day: they have many patterns.
  const named = own === null || own.dayOnly ? factsOfName(filename).time : null;
  const time = bestTime([own, named].filter((one) => one != null));
  return time === null || time.zone !== null || zone === null
    ? time
    : { ...time, zone: offsetIn(zoneOf(zone), time.local) };
}

/** What a clock at the camera showed: `YYYY-MM-DDTHH:MM:SS`. What is stated in UTC is told by the zone, where that is known. */
export function clockOf(row: Timed): string | null {
  // Nearly all have this form, and need not be taken apart.
  if (row.zone === null && row.statedTime !== null && toTheSecond.test(row.statedTime)) {
    return row.statedTime.slice(0, 19);
  }
  const time = timeOfClip(row);
  if (time?.zone !== 'Z' || row.zone === null) return time?.local ?? null;
  const instant = Date.parse(`${time.local}Z`);
  return new Date(instant + zoneOf(row.zone).offsetMinutesAt(instant) * 60_000).toISOString().slice(0, 19);
}

/** As tables state it; empty where nothing is known. */
export function capturedText(row: Timed & Pick<ClipRow, 'moment'>): string {
  const time = timeOfClip(row);
  // The text has whole seconds; bursts, which differ by parts of them, keep their order.
  if (time !== null && (Number.isNaN(row.moment) || row.moment % 1000 === 0)) return captureText(time);
  return Number.isNaN(row.moment) ? '' : new Date(row.moment).toISOString();
}
