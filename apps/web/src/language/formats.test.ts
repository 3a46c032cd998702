import { describe, expect, it } from 'vitest';
import * as en from './en/formats.ts';
import * as fr from './fr/formats.ts';

const formats = { en, fr };

describe('numbers, plurals and dates', () => {
  it.each([
    ['en', 0, '0 clips'],
    ['en', 1, '1 clip'],
    ['en', 1234, '1,234 clips'],
    ['fr', 0, '0 clip'],
    ['fr', 1, '1 clip'],
    ['fr', 1.5, '1,5 clip'],
    ['fr', 2, '2 clips'],
    // A narrow space that does not break.
    ['fr', 1234, '1\u202f234 clips'],
  ] as const)('%s: %f', (language, clips, says) =>
    expect(formats[language].counted(clips, 'clip', 'clips')).toBe(says),
  );

  it.each([
    ['en', '3.50'],
    ['fr', '3,50'],
  ] as const)('%s: always so many digits', (language, says) => expect(formats[language].fixed(3.5, 2)).toBe(says));

  it.each([
    ['en', '2016-03-31T17:05:59', '2016-03-31 17:05'],
    ['fr', '2016-03-31T17:05:59', '31/03/2016 17:05'],
    // A camera's clock is shown as it was, in whatever zone.
    ['en', '2016-03-31T00:05:59+02:00', '2016-03-31 00:05'],
    ['fr', '2016-03-31T23:59:59.123Z', '31/03/2016 23:59'],
    ['en', '2016-03-31', '2016-03-31'],
    ['fr', '2016-03-31', '31/03/2016'],
    ['en', 'nobody knows', 'nobody knows'],
  ] as const)('%s: %s', (language, iso, says) => expect(formats[language].moment(iso)).toBe(says));

  it.each([
    ['en', '2016-03-31'],
    ['fr', '31/03/2016'],
  ] as const)('%s: a day', (language, says) => expect(formats[language].day('2016-03-31T17:05:59')).toBe(says));
});
