import { isFactoryTime } from './factory-time.ts';

/** Container tags, names in lower case. */
export type ContainerTags = ReadonlyMap<string, string>;

// In order of trust: QuickTime's has the camera's time zone; EXIF's and AVI's IDIT are the moment the shutter was
// released by the camera's clock; ICRD (`date`, `icrd`) may be a day only.
const timeTags = [
  'com.apple.quicktime.creationdate',
  'datetimeoriginal',
  'creation_time',
  'idit',
  'icrd',
  'date',
  'wm/encodingtime',
  'date_recorded',
];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// 10:22:33.25, 1:42PM, 9:05, 10: 2: 3
const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2}|\s\d)(?::(?<second>\d{2}|\s\d)(?:[.,](?<fraction>\d+))?)?\s*(?<half>[ap]m?\b)?`;
const zoneForm = String.raw`\s*(?<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?`;
const forms: readonly RegExp[] = [
  // 2013-06-14, 2013:06:14 10:22:33, 2013-06-14T10:22:33.000000Z, 2013/06/14 10:22:33+0200; of AVIs also
  // 2001/ 1/27  1:42PM, 2005/11/28/ 09:19 and 2005:11:28:09:19:05
  new RegExp(
    String.raw`^(?<year>\d{4})[-:/.]\s?(?<month>\d{1,2})[-:/.]\s?(?<day>\d{1,2})(?:[T/: ]\s*${clock}${zoneForm})?$`,
    'i',
  ),
  // 20130614
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  // 20130614T102233, 20130614102233Z
  new RegExp(
    String.raw`^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})T?(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})${zoneForm}$`,
    'i',
  ),
  // Fri Jun 14 10:22:33 2013, as the AVI chunk IDIT states it; with a zone's name (CEST) that may be of several zones
  new RegExp(
    String.raw`^(?:[a-z]{3,9},?\s+)?(?<name>[a-z]{3})[a-z]*\s+(?<day>\d{1,2}),?\s+${clock}(?:\s+(?:(?<zone>UTC|GMT)|[a-z]{3,4}))?\s+(?<year>\d{4})$`,
    'i',
  ),
  // Fri, 14 Jun 2013 10:22:33 GMT; 14-Jun-2013 10:22:33
  new RegExp(
    String.raw`^(?:[a-z]{3,9},?\s+)?(?<day>\d{1,2})[-\s]+(?<name>[a-z]{3})[a-z]*[-\s]+(?<year>\d{4})\s+${clock}${zoneForm}$`,
    'i',
  ),
];

/**
 * Capture time in ISO 8601 from container tags, or null where no tag holds a believable one. A time without a zone
 * stays without one (cameras write their own clock), a date without a time stays a date. Times of a clock that was
 * never set ({@link isFactoryTime}) count as absent.
 */
export function capturedAt(tags: ContainerTags): string | null {
  for (const name of timeTags) {
    const time = isoTime(tags.get(name)?.replaceAll('\0', ' ').trim() ?? '');
    if (time !== null) return time;
  }
  return null;
}

function isoTime(text: string): string | null {
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return assemble(groups);
  }
  return null;
}

function assemble(groups: Readonly<Record<string, string | undefined>>): string | null {
  const {
    year = '',
    month,
    name = '',
    day = '',
    hour,
    minute = '00',
    second = '00',
    half,
    fraction = '',
    zone,
  } = groups;
  const two = (part: string | number): string => String(part).padStart(2, '0');
  const ymd = `${year}-${two(month ?? months.indexOf(name.toLowerCase()) + 1)}-${two(day)}`;
  const hms =
    hour === undefined ? '' : `${two(hourOfDay(Number(hour), half))}:${two(minute.trim())}:${two(second.trim())}`;
  const instant = new Date(`${ymd}T${hms || '00:00:00'}Z`);
  // The round trip refuses the 31st of February.
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(ymd)) return null;
  if (isFactoryTime(hms === '' ? ymd : `${ymd}T${hms}`)) return null;
  if (hour === undefined) return ymd;
  // Fractions other than zero are kept: bursts differ by them.
  const digits = fraction.replace(/0+$/, '');
  return `${ymd}T${hms}${digits === '' ? '' : `.${digits}`}${isoZone(zone)}`;
}

function hourOfDay(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}

/** A zone that no clock on earth has (they go to +14:00) counts as none. */
function isoZone(zone: string | undefined): string {
  if (zone === undefined) return '';
  if (/^(z|utc|gmt)$/i.test(zone)) return 'Z';
  const [, hours = '', minutes = '00'] = /^[+-](\d{2})(?::?(\d{2}))?$/.exec(zone) ?? [];
  const real = Number(minutes) < 60 && Number(hours) * 60 + Number(minutes) <= 14 * 60;
  return real ? `${zone.slice(0, 3)}:${minutes}` : '';
}
