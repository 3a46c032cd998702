import { expect, it } from 'vitest';
import { csvLine, guardedCell, restoredCell } from './csv-line.ts';

it.each([
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['=HYPERLINK("http://x","y").mp4', '\'=HYPERLINK("http://x","y").mp4'],
  ['+1+1', "'+1+1"],
  ['-2+3.mp4', "'-2+3.mp4"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['＝1', "'＝1"],
  ["'=1", "''=1"],
  ["''-x", "'''-x"],
  ['-', "'-"],
])('guards %j, and finds it again', (text, written) => {
  expect(guardedCell(text)).toBe(written);
  expect(restoredCell(written)).toBe(text);
});

it.each(['clip_0001.mp4', 'a=b', "'quoted'", "o'hara", '', ' =1', '-1.5', '+2e-7', '-.5', '1'])('leaves %j', (text) => {
  expect(guardedCell(text)).toBe(text);
  expect(restoredCell(text)).toBe(text);
});

it('writes numbers as numbers, and quotes what is guarded', () => {
  expect(csvLine(['=1,2', -0.5, 'a'])).toBe('"\'=1,2",-0.5,a\n');
});

it('quotes what readers would take for a separator, or trim', () => {
  expect(csvLine(['a', 1, 'x,y', 'say "z"', ' b', 'c\u00a0', 'd;e', 'f\ng'])).toBe(
    'a,1,"x,y","say ""z"""," b","c\u00a0","d;e","f\ng"\n',
  );
});

it('writes no NUL, which readers take for damage', () => {
  expect(csvLine(['a\0b', '\0'])).toBe('a\uFFFDb,\uFFFD\n');
});
