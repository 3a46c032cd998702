import { expect, it } from 'vitest';
import { capturedAt } from './captured-at.ts';

it.each([
  ['creation_time', '2013-06-14T10:22:33.000000Z', '2013-06-14T10:22:33Z'],
  ['creation_time', '2013-06-14T10:22:33.250000Z', '2013-06-14T10:22:33.25Z'],
  ['creation_time', '2013-06-14 10:22:33', '2013-06-14T10:22:33'],
  ['com.apple.quicktime.creationdate', '2013-06-14T10:22:33+0200', '2013-06-14T10:22:33+02:00'],
  ['date', '2013:06:14', '2013-06-14'],
  ['icrd', 'Fri Jun 14 10:22:33 2013', '2013-06-14T10:22:33'],
  ['creation_time', '1904-01-01T00:00:00.000000Z', null],
  ['creation_time', '1970-01-01T00:00:00Z', null],
  ['date', '2013', null],
  ['date', '2013-02-31', null],
  ['date', 'Fri Foo 14 10:22:33 2013', null],
  ['comment', '2013-06-14', null],
])('reads %s %s as %s', (tag, text, time) => {
  expect(capturedAt(new Map([[tag, text]]))).toBe(time);
});

it('prefers the time with a zone, and passes over a zero time', () => {
  const tags = new Map([
    ['creation_time', '1904-01-01T00:00:00Z'],
    ['date', '2014-01-02'],
  ]);
  expect(capturedAt(tags)).toBe('2014-01-02');
  tags.set('com.apple.quicktime.creationdate', '2014-01-02T03:04:05-0500');
  expect(capturedAt(tags)).toBe('2014-01-02T03:04:05-05:00');
});
