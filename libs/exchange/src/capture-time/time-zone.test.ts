import { describe, expect, it } from 'vitest';
import { parseCaptureTime, type CaptureTime } from './capture-time.ts';
import { parseTimeZone, zonedTimestamp } from './time-zone.ts';

const at = (text: string) => parseCaptureTime(text, 'table') as CaptureTime;

describe('zonedTimestamp', () => {
  it.each([
    ['2020-03-01T22:00:00', undefined, 0, '2020-03-01T22:00:00Z'],
    ['2020-03-01T22:00:00', '+02:00', 0, '2020-03-01T22:00:00+02:00'],
    ['2020-03-01T22:00:00-0530', '+02:00', 0, '2020-03-01T22:00:00-05:30'],
    ['2020-12-31T23:59:50', '+02:00', 15.2, '2021-01-01T00:00:06+02:00'],
    ['2013-06-14', 'Africa/Kinshasa', 0, '2013-06-14T00:00:00+01:00'],
    // Clocks go forward at 2:00 on the 29th, back at 3:00 on the 25th.
    ['2020-03-29T01:59:59', 'Europe/Brussels', 0, '2020-03-29T01:59:59+01:00'],
    ['2020-03-29T03:00:00', 'Europe/Brussels', 0, '2020-03-29T03:00:00+02:00'],
    ['2020-10-25T04:00:00', 'Europe/Brussels', 0, '2020-10-25T04:00:00+01:00'],
    ['2020-07-01T00:00:00', 'America/St_Johns', 0, '2020-07-01T00:00:00-02:30'],
  ])('%s in %s, %d s later: %s', (text, zone, after, expected) => {
    expect(zonedTimestamp(at(text), zone === undefined ? undefined : parseTimeZone(zone), after)).toBe(expected);
  });

  it.each(['Mars/Olympus', '+25:00', '+14:30', '-15:00', '+02:60', '2', ''])('the zone %j is refused', (name) =>
    expect(() => parseTimeZone(name)).toThrow(expect.objectContaining({ code: 'EXCHANGE_ZONE' })),
  );
});

describe('parseCaptureTime', () => {
  it.each(['2013', '2013-02-31', '2013-01-01T24:00:00', '14.06.2013', '2013-06-14 10:61', ''])('%j is none', (text) =>
    expect(parseCaptureTime(text, 'table')).toBeNull(),
  );
  it('keeps what was stated and no more', () => {
    expect(at('2013:06:14 1:02')).toEqual({
      local: '2013-06-14T01:02:00',
      zone: null,
      dayOnly: false,
      source: 'table',
    });
    expect(at('2013-6-4')).toEqual({ local: '2013-06-04T00:00:00', zone: null, dayOnly: true, source: 'table' });
  });
});
