import { expect, it } from 'vitest';
import { settleTimes } from './settle-times.ts';
import { readStampText } from './stamp-text.ts';

const settle = (texts: readonly string[], order?: 'month-first' | 'day-first') =>
  settleTimes(
    texts.map((text) => readStampText(text)),
    order,
  );

it('takes the order of day and month from those stamps that allow one alone', () => {
  expect(settle(['05-06-2015 06:10:52', '06-30-2015 16:13:26'])).toEqual([
    '2015-05-06T06:10:52',
    '2015-06-30T16:13:26',
  ]);
  expect(settle(['05-06-2015 06:10:52', '30-06-2015 16:13:26'])).toEqual([
    '2015-06-05T06:10:52',
    '2015-06-30T16:13:26',
  ]);
});

it('tells no time where nothing decides, or stamps disagree', () => {
  expect(settle(['05-06-2015 06:10:52', '07-07-2015 16:13:26'])).toEqual([null, '2015-07-07T16:13:26']);
  expect(settle(['05-06-2015 06:10:52', '30-06-2015 16:13:26', '06-30-2015 16:13:26'])[0]).toBeNull();
});

it('goes by the order that is said, also against a stamp', () => {
  expect(settle(['05-06-2015 06:10:52', '06-30-2015 16:13:26'], 'day-first')).toEqual(['2015-06-05T06:10:52', null]);
});

it('knows a clock that was never set', () => {
  expect(settle(['2000-01-01 00:10:52'])).toEqual([null]);
});
