import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { instantOf, looksLikeTime, statedTime } from './stated-time.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe('statedTime', () => {
  it.each([
    ['2020-01-01', '2020-01-01T00:00:00', null, '2020-01-01T00:00:00.000Z'],
    ['2020:1:2 3:04', '2020-01-02T03:04:00', null, '2020-01-02T03:04:00.000Z'],
    ['2020-01-01T10:00:00.25Z', '2020-01-01T10:00:00', 'Z', '2020-01-01T10:00:00.250Z'],
    ['2020-01-01 10:00:00 +0530', '2020-01-01T10:00:00', '+05:30', '2020-01-01T04:30:00.000Z'],
    ['2020-01-01T10:00:00+05', '2020-01-01T10:00:00', '+05:00', '2020-01-01T05:00:00.000Z'],
    ['2020-01-01 10:00:00 UTC', '2020-01-01T10:00:00', 'Z', '2020-01-01T10:00:00.000Z'],
    ['2020-01-01T10:00:00,5gmt', '2020-01-01T10:00:00', 'Z', '2020-01-01T10:00:00.500Z'],
    ['2020-01-01T10:00:00\u221203:30', '2020-01-01T10:00:00', '-03:30', '2020-01-01T13:30:00.000Z'],
    ['2020-01-01T10:00:00-12:00', '2020-01-01T10:00:00', '-12:00', '2020-01-01T22:00:00.000Z'],
    ['2020-01-01T10:00:00+14:00', '2020-01-01T10:00:00', '+14:00', '2019-12-31T20:00:00.000Z'],
  ])('%s', (text, local, offset, instant) => {
    const time = statedTime(text);
    expect(time).toMatchObject({ local, zone: offset });
    expect(time === undefined ? '' : new Date(instantOf(time)).toISOString()).toBe(instant);
  });

  it.each([
    '2020-02-30T10:00:00Z',
    '2020-13-01',
    '0000-01-01',
    '2020-01-01T24:00:00',
    '2020-01-01T10:60:00',
    '2020-01-01T10:00:00+99:99',
    '2020-01-01T10:00:00+14:30',
    '2020-01-01T10:00:00+05:60',
    '2020-01-01T10:00:00-15:00',
  ])('%s is a time that there is not', (text) => {
    expect(looksLikeTime(text)).toBe(true);
    expect(statedTime(text)).toBeUndefined();
  });

  it.each(['', 'noon', '1.2.2020', '20200101', '2020-01-01T10', 'Fri Mar 01 2024', '2020-01-01T10:00:00 Europe/Paris'])(
    '%j is no time',
    (text) => expect(statedTime(text)).toBeUndefined(),
  );

  it('is the same moment on machines of all zones', () => {
    const two = (limit: number) => fc.integer({ min: 0, max: limit }).map((n) => String(n).padStart(2, '0'));
    const text = fc
      .tuple(
        fc.integer({ min: 1, max: 2100 }),
        two(13),
        two(32),
        two(25),
        two(61),
        fc.constantFrom('', 'Z', '+02:00', '-0330'),
      )
      .map(
        ([year, month, day, hour, minute, offset]) =>
          `${String(year).padStart(4, '0')}-${month}-${day} ${hour}:${minute}:00${offset}`,
      );
    fc.assert(
      fc.property(text, (stated) => {
        const moments = ['UTC', 'Europe/Brussels', 'America/St_Johns', 'Pacific/Kiritimati'].map((name) => {
          process.env['TZ'] = name;
          const time = statedTime(stated);
          return time === undefined ? undefined : instantOf(time);
        });
        expect(new Set(moments).size).toBe(1);
      }),
    );
  });
});
