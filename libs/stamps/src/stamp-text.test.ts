import { expect, it } from 'vitest';
import { readStampText } from './stamp-text.ts';

const both = (time: string) => ({ 'month-first': time, 'day-first': time });

it.each([
  ['2016-03-24 10:30:12 AM\nM 3/10\n21°C\nNRC197', both('2016-03-24T10:30:12'), 'NRC197', '21 C'],
  ['2016-01-274:27:56PM\n12℃\nNRC 39', both('2016-01-27T16:27:56'), 'NRC39', '12 C'],
  ['2016-06-0412:04:15 AM\nM 1/3\n740F', both('2016-06-04T00:04:15'), null, '74 F'],
  ['2016-06-04 12:04:15PM', both('2016-06-04T12:04:15'), null, null],
  ['Bushnell\nCam11\n35F1℃\n03-03-201506:10:52', both('2015-03-03T06:10:52'), 'Cam11', '35 F 1 C'],
  ['06-30-2015 16:13:26', { 'month-first': '2015-06-30T16:13:26' }, null, null],
  ['30/06/2015 16:13', { 'day-first': '2015-06-30T16:13:00' }, null, null],
  [
    '-5°C 05.06.2015 16:13:26',
    { 'month-first': '2015-05-06T16:13:26', 'day-first': '2015-06-05T16:13:26' },
    null,
    '-5 C',
  ],
])('%j', (text, times, camera, temperature) => {
  expect(readStampText(text)).toEqual({ times, camera, temperature });
});

it.each([
  ['AM or PM may have been missed', '2016-05-17 9:32:34'],
  ['there is no such hour', '2016-05-17 13:32:34 PM'],
  ['there is no such day', '2016-02-30 10:30:12 AM'],
  ['a digit too many', '2016-05-179 09:32:34'],
  ['no time of day', '2016-05-17'],
  ['no stamp', 'RECONYX'],
])('tells no time where it would be a guess: %s', (_why, text) => {
  expect(readStampText(text).times).toEqual({});
});
