/** Container tags, names in lower case. */
export type ContainerTags = ReadonlyMap<string, string>;

// In order of trust: QuickTime's has the camera's time zone, ICRD (`date`, `icrd`) may be a day only.
const timeTags = [
  'com.apple.quicktime.creationdate',
  'creation_time',
  'icrd',
  'date',
  'wm/encodingtime',
  'date_recorded',
  'datetimeoriginal',
];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// 2013-06-14, 2013:06:14 10:22:33, 2013-06-14T10:22:33.000000Z, 2013/06/14 10:22:33+0200
const numeric =
  /^(\d{4})[-:/](\d{1,2})[-:/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
// Fri Jun 14 10:22:33 2013, as the AVI chunk IDIT states it
const english = /^[a-z]{3,9},?\s+([a-z]{3})[a-z]*\s+(\d{1,2})\s+(\d{2}):(\d{2}):(\d{2})\s+(\d{4})$/i;

/**
 * Capture time in ISO 8601 from container tags, or null where no tag holds a believable one. A time without a zone
 * stays without one (cameras write their own clock), a date without a time stays a date. Zero times, as encoders
 * write them (1904, 1970-01-01T00:00:00), count as absent.
 */
export function capturedAt(tags: ContainerTags): string | null {
  for (const name of timeTags) {
    const time = isoTime(tags.get(name)?.trim() ?? '');
    if (time !== null) return time;
  }
  return null;
}

function isoTime(text: string): string | null {
  const words = english.exec(text);
  if (words) {
    const [, month = '', day = '', hour = '', minute = '', second = '', year = ''] = words;
    return assemble([year, String(months.indexOf(month.toLowerCase()) + 1), day], [hour, minute, second], '');
  }
  const digits = numeric.exec(text);
  if (!digits) return null;
  const [, year = '', month = '', day = '', hour, minute = '00', second = '00', fraction = '', zone = ''] = digits;
  if (hour === undefined) return assemble([year, month, day], null, '');
  const iso = assemble([year, month, day], [hour, minute, second], isoZone(zone));
  // Fractions other than zero are kept: bursts differ by them.
  const digitsKept = fraction.replace(/0+$/, '');
  return iso === null || digitsKept.length <= 1 ? iso : iso.replace(/(:\d{2}:\d{2})/, `$1${digitsKept}`);
}

function isoZone(zone: string): string {
  if (zone === '') return '';
  return /^(z|utc)$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
}

function assemble(date: readonly string[], time: readonly string[] | null, zone: string): string | null {
  const two = (text: string): string => text.padStart(2, '0');
  const [year = '', month = '', day = ''] = date;
  const ymd = `${year}-${two(month)}-${two(day)}`;
  const hms = time === null ? '' : time.map(two).join(':');
  const instant = new Date(`${ymd}T${hms || '00:00:00'}Z`);
  // The round trip refuses the 31st of February.
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(ymd)) return null;
  if (instant.getTime() <= Date.UTC(1970, 0, 1)) return null;
  return time === null ? ymd : `${ymd}T${hms}${zone}`;
}
