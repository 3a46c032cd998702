import { expect, it } from 'vitest';
import { decimalNumber } from './decimal-number.ts';

it.each([
  ['0.25', 0.25],
  [' -1.95 ', -1.95],
  ['+.5', 0.5],
  ['5.', 5],
  ['1e-3', 0.001],
  ['1E+1', 10],
])('%j is %d', (text, number) => expect(decimalNumber(text)).toBe(number));

it.each([
  '',
  ' ',
  '0x10',
  '0b1',
  '0o7',
  'Infinity',
  '-Infinity',
  'NaN',
  '1,5',
  '1_000',
  '1.5N',
  '\u22121',
  '\u0661',
  '--1',
])('%j is no number', (text) => expect(decimalNumber(text)).toBeNaN());
