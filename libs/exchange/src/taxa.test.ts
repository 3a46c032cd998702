import { writeFile } from 'node:fs/promises';
import { competitionClasses } from '@primatrix/contracts';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { decideClasses } from './decide-classes.ts';
import { builtInTaxa, readTaxa } from './taxa.ts';

async function taxaOf(text: string) {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('taxa.csv'), text);
  return await readTaxa(folder.join('taxa.csv'));
}

it('knows every class of the competition, each by a name of its own', () => {
  const taxa = competitionClasses.map((name) => builtInTaxa.of(name));
  expect(competitionClasses.filter((name) => !builtInTaxa.has(name))).toEqual([]);
  expect(new Set(taxa.map(({ scientificName }) => scientificName)).size).toBe(24);
  expect(taxa.filter(({ type }) => type !== 'animal').map(({ type }) => type)).toEqual(['blank', 'human']);
  expect(builtInTaxa.of('Empty').type).toBe('blank');
  expect(builtInTaxa.of('zebra')).toEqual({ type: 'animal', scientificName: null, rank: null });
});

it('takes a table, whose classes go before the built-in ones', async () => {
  const taxa = await taxaOf(
    'class,scientific_name,taxon_rank,observation_type\nhog,Potamochoerus porcus,species,\njeep,,,vehicle\n',
  );
  expect(taxa.of('hog')).toEqual({ type: 'animal', scientificName: 'Potamochoerus porcus', rank: 'species' });
  expect(taxa.of('jeep').type).toBe('vehicle');
  expect(['Blank', 'EMPTY', 'Human', 'constructor', '__proto__'].map((name) => taxa.of(name).type)).toEqual([
    'blank',
    'blank',
    'human',
    'animal',
    'animal',
  ]);
  expect(taxa.of('lion').scientificName).toBe('Panthera leo');
  expect(taxa.classesOf('Potamochoerus porcus')).toEqual(['hog']);
});

it.each([
  ['name,scientific_name\n', /columns "class" and "scientific_name"/],
  ['class,scientific_name,taxon_rank\nhog,Suidae,tribe\n', /taxa\.csv:2, column "taxon_rank", value "tribe"/],
  ['class,scientific_name,observation_type\nhog,Suidae,pig\n', /taxa\.csv:2, column "observation_type", value "pig"/],
  ['class,scientific_name\nhog,A\nhog,B\n', /taxa\.csv:3.*there twice/],
])('refuses %j', async (text, says) => expect(taxaOf(text)).rejects.toThrow(says));

it('decides by threshold; blank and others exclude each other, the likelier wins', () => {
  const of = (...p: number[]) =>
    decideClasses(p, ['blank', 'hog', 'lion'], builtInTaxa, 0.5).classes.map(({ index }) => index);
  expect(of(0.6, 0.7, 0.5)).toEqual([1, 2]);
  expect(of(0.8, 0.7, 0.5)).toEqual([0]);
  expect(of(0.4, 0.49, 0)).toEqual([]);
});
