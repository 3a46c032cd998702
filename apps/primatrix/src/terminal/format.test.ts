import { describe, expect, it } from 'vitest';
import { count, describeSkipped, formatDuration, formatTable, onOneLine } from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
  ])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatTable', () => {
  it('lines columns up, numbers to the right', () => {
    expect(
      formatTable(
        ['clip', 'frames'],
        [
          ['a', 5],
          ['long', 360],
        ],
      ),
    ).toBe('clip  frames\na          5\nlong     360');
  });
});

describe('count', () => {
  it('has a plural', () => expect([count(1, 'clip'), count(2, 'clip')]).toEqual(['1 clip', '2 clips']));
});

describe('onOneLine', () => {
  it('shows what would break the line or steer the terminal', () =>
    expect(onOneLine('new\nline \x1b[2J ü')).toBe('new\\nline \\x1b[2J ü'));
});

describe('describeSkipped', () => {
  it('names the first five', () => {
    expect(describeSkipped(['a.txt'])).toBe('skipped 1 file, hidden or no media by name: a.txt');
    expect(describeSkipped(['a', 'b', 'c', 'd', 'e', 'f'])).toMatch(/^skipped 6 files.*: a, b, c, d, e, \.\.\.$/);
  });
});
