import { expect, it } from 'vitest';
import { ClassNames, isBlankClass } from './class-names.ts';

it.each([
  ['filename', /may not have this name/],
  ['Status', /may not have this name/],
  ['NA', /nothing is known/],
  ['nan', /nothing is known/],
  ['duiker', /differs from "Duiker" in line 2 by case or spaces only/],
  ['Duiker ', /differs from "Duiker" in line 2/],
])('%j is refused with its place', (name, says) => {
  const names = new ClassNames();
  names.add('Duiker', { file: 'l.csv', line: 2 });
  names.add('Duiker', { file: 'l.csv', line: 3 });
  expect(() => names.add(name, { file: 'l.csv', line: 4, column: 'label' })).toThrow(says);
  expect(() => names.add(name, { file: 'l.csv', line: 4, column: 'label' })).toThrow(/l\.csv:4/);
});

it('knows classes by whatever name, and what says that a clip shows nothing', () => {
  const names = new ClassNames();
  for (const name of ['toString', '__proto__', 'constructor', 'toString']) names.add(name);
  expect(names.sorted()).toEqual(['__proto__', 'constructor', 'toString']);
  expect(['blank', 'Empty', 'nothing', 'bird', 'constructor'].map(isBlankClass)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
