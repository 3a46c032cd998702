import { expect, it } from 'vitest';
import { ClassNames, isBlankClass } from './class-names.ts';

it.each([
  ['filename', /may not have this name/],
  ['Status', /may not have this name/],
  ['NA', /nothing is known/],
  ['nan', /nothing is known/],
  ['duiker', /differs from "Duiker" in line 2 by case or spaces only/],
  ['Duiker ', /differs from "Duiker" in line 2/],
  ['Duiker\u200b', /differs from "Duiker" in line 2/],
  ['\ufeffDuiker', /differs from "Duiker" in line 2/],
  ['red\tfox', /control characters/],
  ['\u001b[31mred', /control characters/],
  ['red\nfox', /control characters or line breaks/],
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
  const blank = ['blank', 'Empty', 'nothing', 'EMPTY', ' Blank ', 'No_Animal', 'no-animal', 'false positive', 'Vide'];
  const more = ['VAC\u00cdO', 'Vaci\u0301a', 'leer', 'NOTHINGHERE'];
  expect([...blank, ...more].filter((name) => !isBlankClass(name))).toEqual([]);
  const species = ['bird', 'constructor', 'blanket octopus', 'animal', 'leerdammer', 'unknown'];
  expect(species.filter(isBlankClass)).toEqual([]);
});
