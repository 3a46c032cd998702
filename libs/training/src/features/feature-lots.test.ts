import { expect, it } from 'vitest';
import { lotsOf } from './feature-lots.ts';

const lacking = (count: number, families: readonly string[], prefix = 'a') =>
  Array.from({ length: count }, (_, i) => ({ filename: `${prefix}${i}`, families }));

it('deals out every clip once, in lots of clips that lack the same', () => {
  const clips = [...lacking(100, ['looks', 'sound']), ...lacking(3, ['sound'], 'b')];
  const lots = lotsOf(clips);
  expect(lots.flatMap(({ filenames }) => filenames).sort()).toEqual(clips.map(({ filename }) => filename).sort());
  for (const { families, filenames } of lots) {
    expect(families).toEqual(filenames[0]?.startsWith('b') === true ? ['sound'] : ['looks', 'sound']);
  }
});

it('has lots for many machines where clips are few, and no lot of more than 32', () => {
  expect(lotsOf(lacking(24, ['looks']))).toHaveLength(24);
  expect(lotsOf(lacking(0, ['looks']))).toEqual([]);
  expect(Math.max(...lotsOf(lacking(10_000, ['looks'])).map(({ filenames }) => filenames.length))).toBe(32);
});
