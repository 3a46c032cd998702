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
  ['creation_time', '1970-01-01T00:00:12Z', null],
  ['creation_time', '1980-01-01T03:04:05Z', null],
  ['datetimeoriginal', '2000:01:01 12:00:03', null],
  ['datetimeoriginal', '2015:01:01 00:00:41', null],
  ['datetimeoriginal', '0000:00:00 00:00:00', null],
  ['creation_time', '2040-02-06T06:28:15Z', null],
  ['datetimeoriginal', '2015:01:01 09:00:41', '2015-01-01T09:00:41'],
  ['datetimeoriginal', '2021:06:05 04:03:02.25+01:00', '2021-06-05T04:03:02.25+01:00'],
  ['idit', '2005:08:17 11:42:43\n\0', '2005-08-17T11:42:43'],
  ['idit', '2001/ 1/27  1:42PM', '2001-01-27T13:42:00'],
  ['idit', '2001/ 1/27 12:42AM', '2001-01-27T00:42:00'],
  ['idit', '2005/11/28/ 09:19', '2005-11-28T09:19:00'],
  ['idit', '2005:11:28:09:19:05', '2005-11-28T09:19:05'],
  ['datetimeoriginal', '2021: 6: 5  4: 3: 2', '2021-06-05T04:03:02'],
  ['idit', 'MON MAR 10 15:04:43 2003\n', '2003-03-10T15:04:43'],
  ['datetimeoriginal', 'Fri, 14 Jun 2013 10:22:33 GMT', '2013-06-14T10:22:33Z'],
  ['date', '20130614T102233', '2013-06-14T10:22:33'],
  ['date', '20130614', '2013-06-14'],
  ['creation_time', '2013-06-14T10:22:33+02', '2013-06-14T10:22:33+02:00'],
  ['creation_time', '2013-06-14T10:22:33,5Z', '2013-06-14T10:22:33.5Z'],
  ['creation_time', '2013-06-14T10:22:33+99:99', '2013-06-14T10:22:33'],
  ['idit', 'Fri Jun 14 10:22:33 CEST 2013', '2013-06-14T10:22:33'],
  ['idit', 'Fri Jun 14 10:22:33 UTC 2013', '2013-06-14T10:22:33Z'],
  ['date', '2016-01-01', '2016-01-01'],
  ['date', '2000-01-01', null],
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
