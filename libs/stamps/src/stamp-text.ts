import { timeOfParts } from '@primatrix/dataset';

/** Which of two numbers before a year is the month. */
export const dateOrders = ['month-first', 'day-first'] as const;
/** One of {@link dateOrders}. */
export type DateOrder = (typeof dateOrders)[number];

/** What the text of a stamp says. */
export interface StampText {
  /**
   * `YYYY-MM-DDTHH:MM:SS` by the camera's clock, for each order of day and month that gives a day there is; both are the same
   * where the order does not matter. Empty where no time can be read.
   */
  readonly times: Readonly<Partial<Record<DateOrder, string>>>;
  /** As `NRC197`, `Cam3`: letters, then a number; null where there is none. */
  readonly camera: string | null;
  /** As `35 F 1 C`; null where there is none. */
  readonly temperature: string | null;
}

const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?\s*(?<half>[AP]M)?`;
const yearFirst = new RegExp(String.raw`(?<!\d)(?<year>\d{4})[-/.](?<a>\d{2})[-/.](?<b>\d{2})\s*${clock}`, 'i');
const yearLast = new RegExp(String.raw`(?<!\d)(?<a>\d{1,2})[-/.](?<b>\d{1,2})[-/.](?<year>\d{4})\s*${clock}`, 'i');
const heat = /(?<![\d-])(-?\d{1,3})\s*(?:[°º˚·o'"*]\s*)?([CF])(?![a-z])/gi;
const name = /(?<![\w/:-])(?![AP]M)([A-Za-z]{2,}[ _-]?\d+)(?![\w/:])/;
/** No thermometer shows more: the sign of degrees was read as a 0. */
const hottest = 150;

/** Reads time, camera and temperature from the text of a stamp, its lines in reading order. */
export function readStampText(text: string): StampText {
  // Also makes °C and °F of the signs that are one letter, and plain colons of wide ones.
  const plain = text.normalize('NFKC').replaceAll(/[‐-―−]/g, '-');
  const temperatures = [...plain.matchAll(heat)].map(
    ([, value, unit = '']) => `${degrees(value)} ${unit.toUpperCase()}`,
  );
  return {
    times: timesIn(plain),
    camera: name.exec(plain)?.[1]?.replace(' ', '') ?? null,
    temperature: temperatures.length === 0 ? null : temperatures.join(' '),
  };
}

function degrees(text = ''): number {
  const value = Number(text);
  return Math.abs(value) > hottest && value % 10 === 0 ? value / 10 : value;
}

function timesIn(text: string): StampText['times'] {
  const first = yearFirst.exec(text)?.groups;
  const groups = first ?? yearLast.exec(text)?.groups;
  const hour = groups === undefined ? undefined : hourOf(groups);
  if (groups === undefined || hour === undefined) return {};
  const { year = '', a = '', b = '', minute, second = '0' } = groups;
  const time = (month: string, day: string) => timeOfParts({ year, month, day, hour, minute, second })?.local;
  // Where the year comes first the month follows, in every camera's menu that has this form.
  const monthFirst = time(a, b);
  const dayFirst = first === undefined ? time(b, a) : monthFirst;
  return {
    ...(monthFirst === undefined ? {} : { 'month-first': monthFirst }),
    ...(dayFirst === undefined ? {} : { 'day-first': dayFirst }),
  };
}

/** By 24 hours; undefined where it cannot be told. */
function hourOf({ hour = '', half }: Readonly<Record<string, string | undefined>>): string | undefined {
  const value = Number(hour);
  if (half === undefined) {
    // Clocks of 24 hours write two digits: behind one digit AM or PM may have been missed.
    return hour.length === 2 ? hour : undefined;
  }
  if (value < 1 || value > 12) return undefined;
  return `${(value % 12) + (half.toUpperCase() === 'PM' ? 12 : 0)}`;
}
