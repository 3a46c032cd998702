import { isFactoryTime } from '@primatrix/video';
import { ExchangeError } from '../exchange-error.ts';
import { captureText, captureTime, type CaptureTime } from './capture-time.ts';

/** What a file name says. */
export interface NameFacts {
  readonly time: CaptureTime | null;
  readonly site: string | null;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const clock = String.raw`[-_ T.]{0,3}(?<hour>[01]\d|2[0-3])[-_.:hH]?(?<minute>[0-5]\d)[-_.:mM]?(?<second>[0-5]\d)(?!\d)(?:\.\d{3}(?!\d))?(?:(?<zone>Z)(?![A-Za-z\d])|[-_ .]?(?<half>[AaPp][Mm])(?![A-Za-z]))?`;
// Not preceded or followed by digits, so that nothing is read out of the middle of a longer number.
const patterns: readonly RegExp[] = [
  // IMG_20190102_030405, 20200709093328-RCNX0001, 20161227_02120086 (a day and a counter)
  new RegExp(
    String.raw`(?<!\d)(?<year>199\d|20\d\d)(?<month>0[1-9]|1[0-2])(?<day>0[1-9]|[12]\d|3[01])(?:${clock}|(?!\d))`,
    'g',
  ),
  // 2019-01-02 03-04-05, 2013-6-14, 2019_01_02T03.04.05
  new RegExp(
    String.raw`(?<!\d)(?<year>199\d|20\d\d)(?<mark>[-_.])(?<month>0?[1-9]|1[0-2])\k<mark>(?<day>0?[1-9]|[12]\d|3[01])(?!\d)(?:${clock})?`,
    'g',
  ),
  // 14-Jun-2013
  new RegExp(
    String.raw`(?<!\d)(?<day>0?[1-9]|[12]\d|3[01])[-_. ](?<name>${months.join('|')})[a-z]*[-_. ](?<year>199\d|20\d\d)(?!\d)(?:${clock})?`,
    'gi',
  ),
];
// 24-11-2017: which of both is the day is only certain where one exceeds 12, or they are equal.
const dayFirst = new RegExp(
  String.raw`(?<!\d)(?<a>0?[1-9]|[12]\d|3[01])(?<mark>[-_.])(?<b>0?[1-9]|[12]\d|3[01])\k<mark>(?<year>199\d|20\d\d)(?!\d)(?:${clock})?`,
  'g',
);

/**
 * Reads the capture time out of a clip's name as cameras and archives write it; null where there is none, or it may be read in
 * two ways. The last part of the path that has one counts.
 * @param own pattern with the named groups `year`, `month`, `day`, and any of `hour`, `minute`, `second`, `zone`, `site`; tried first
 */
export function factsOfName(filename: string, own?: RegExp): NameFacts {
  const groups = own?.exec(filename)?.groups;
  const { year, month, day, site, ...rest } = groups ?? {};
  const ownTime =
    year !== undefined && month !== undefined && day !== undefined
      ? captureTime({ year, month: monthNumber(month), day, ...rest }, 'file-name')
      : null;
  return { time: ownTime ?? timeOfName(filename), site: site ?? null };
}

/** When a clip was taken as its name says, ISO 8601 as far as it is known; undefined where it says nothing. See {@link factsOfName}. */
export function namedTime(filename: string, own?: RegExp): string | undefined {
  const { time } = factsOfName(filename, own);
  return time === null ? undefined : captureText(time);
}

function timeOfName(filename: string): CaptureTime | null {
  for (const part of filename.split('/').reverse()) {
    const found = patterns.flatMap((pattern) =>
      [...part.matchAll(pattern)].map(({ groups = {} }) => timeOfGroups(groups)),
    );
    for (const { groups = {} } of part.matchAll(dayFirst)) found.push(timeOfUncertainOrder(groups));
    const times = found.filter((time) => time !== null);
    const best = times.find((time) => !time.dayOnly) ?? times[0];
    if (best !== undefined) return best;
  }
  return null;
}

type Groups = Readonly<Record<string, string | undefined>>;

function timeOfGroups(groups: Groups): CaptureTime | null {
  const { year = '', month, name, day = '', hour, half, minute, second, zone } = groups;
  // Twelve o'clock at night is 12 AM.
  const ofDay = half === undefined ? hour : String((Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0));
  const parts = { year, month: month ?? monthNumber(name ?? ''), day, hour: ofDay, minute, second, zone };
  const time = captureTime(parts, 'file-name');
  // A clock that was never set names files, too.
  return time !== null && isFactoryTime(time.dayOnly ? time.local.slice(0, 10) : time.local) ? null : time;
}

function timeOfUncertainOrder({ a = '', b = '', ...rest }: Groups): CaptureTime | null {
  if (Number(a) <= 12 && Number(b) <= 12 && Number(a) !== Number(b)) return null;
  const [day, month] = Number(b) > 12 ? [b, a] : [a, b];
  return timeOfGroups({ ...rest, day, month });
}

function monthNumber(text: string): string {
  const index = months.indexOf(text.slice(0, 3).toLowerCase());
  return index < 0 ? text : String(index + 1);
}

/**
 * Reads a pattern for what file names say: a regular expression with the named groups `site`, or `year`, `month` and
 * `day` (and `hour`, `minute`, `second`, `zone`), or both.
 * @throws ExchangeError where it is no regular expression, or has none of the groups that are looked for
 */
export function parseNamePattern(text: string): RegExp {
  const rule =
    'a file name pattern is a regular expression with named groups, for example ' +
    '(?<site>[^/]+)/(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})';
  let pattern: RegExp;
  try {
    pattern = new RegExp(text, 'u');
  } catch (cause) {
    throw new ExchangeError(
      'EXCHANGE_PATTERN',
      `the file name pattern ${JSON.stringify(text)} is no regular expression: ${(cause as Error).message}`,
      rule,
      { cause },
    );
  }
  const named = (group: string) => text.includes(`(?<${group}>`);
  if (!named('site') && !(named('year') && named('month') && named('day'))) {
    throw new ExchangeError(
      'EXCHANGE_PATTERN',
      `the file name pattern ${JSON.stringify(text)} must have the group "site", or the groups "year", "month" and "day"`,
      rule,
    );
  }
  return pattern;
}
