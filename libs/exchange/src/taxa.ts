import { columnOf, isBlankClass, knownText, readCells } from '@primatrix/dataset';
import { cellError, ExchangeError } from './exchange-error.ts';

/** Types of observations that Camtrap DP knows and a class can stand for. */
const observationTypes = ['animal', 'human', 'vehicle', 'blank', 'unknown'] as const;
/** Ranks that Camtrap DP knows. */
const taxonRanks = ['kingdom', 'phylum', 'class', 'order', 'family', 'genus', 'species', 'subspecies'] as const;

/** What a class means to others. */
export interface Taxon {
  readonly type: (typeof observationTypes)[number];
  /** The smallest taxon that holds all that the class means; null where there is none, or nobody said. */
  readonly scientificName: string | null;
  /** Null where the rank is none of those that the standard knows (a tribe, a clade). */
  readonly rank: (typeof taxonRanks)[number] | null;
}

/** Classes and their taxa. */
export interface TaxonTable {
  /** A class that is not in the table is an animal of no known name, unless its name says blank, human or vehicle. */
  of(className: string): Taxon;
  has(className: string): boolean;
  /** The classes that stand for a scientific name: those that somebody gave, else the built-in ones. */
  classesOf(scientificName: string): readonly string[];
}

const animal = (scientificName: string, rank: Taxon['rank']): Taxon => ({ type: 'animal', scientificName, rank });

/**
 * The competition's 24 classes. A class that lumps species together has the smallest taxon that surely holds all of them:
 * "small cat" is Felidae, "wild dog" Canidae (jackals were labelled so, too). Ungulates are no taxon with a rank, duikers a tribe.
 */
const competitionTaxa: Readonly<Record<string, Taxon>> = {
  bird: animal('Aves', 'class'),
  blank: { type: 'blank', scientificName: null, rank: null },
  cattle: animal('Bos taurus', 'species'),
  chimpanzee: animal('Pan troglodytes', 'species'),
  elephant: animal('Loxodonta', 'genus'),
  'forest buffalo': animal('Syncerus caffer', 'species'),
  gorilla: animal('Gorilla', 'genus'),
  hippopotamus: animal('Hippopotamidae', 'family'),
  human: { type: 'human', scientificName: 'Homo sapiens', rank: 'species' },
  hyena: animal('Hyaenidae', 'family'),
  'large ungulate': animal('Ungulata', null),
  leopard: animal('Panthera pardus', 'species'),
  lion: animal('Panthera leo', 'species'),
  'other (non-primate)': animal('Animalia', 'kingdom'),
  'other (primate)': animal('Primates', 'order'),
  pangolin: animal('Manidae', 'family'),
  porcupine: animal('Hystricidae', 'family'),
  reptile: animal('Reptilia', 'class'),
  rodent: animal('Rodentia', 'order'),
  'small antelope': animal('Bovidae', 'family'),
  'small cat': animal('Felidae', 'family'),
  'wild dog': animal('Canidae', 'family'),
  duiker: animal('Cephalophini', null),
  hog: animal('Suidae', 'family'),
};

const blank = competitionTaxa['blank'] as Taxon;
const human = competitionTaxa['human'] as Taxon;

/** A map, as classes are named by strangers: an object would know a class called "constructor". */
const plainWords: ReadonlyMap<string, Taxon> = new Map([
  ...['human', 'person', 'people', 'homo sapiens'].map((word) => [word, human] as const),
  ['vehicle', { type: 'vehicle', scientificName: null, rank: null }],
]);

/** @param given classes that somebody has said the taxa of: they stand for those before the built-in ones do */
function tableOf(taxa: ReadonlyMap<string, Taxon>, given: ReadonlySet<string> = new Set()): TaxonTable {
  const byTaxon = new Map<string, string[]>();
  for (const wanted of [true, false]) {
    const sure = new Set(byTaxon.keys());
    for (const [name, { scientificName }] of taxa) {
      if (given.has(name) !== wanted || scientificName === null || sure.has(scientificName)) continue;
      byTaxon.set(scientificName, [...(byTaxon.get(scientificName) ?? []), name]);
    }
  }
  const plain = (name: string) => (isBlankClass(name) ? blank : plainWords.get(name.toLowerCase()));
  const known = (name: string) => taxa.get(name.normalize('NFC')) ?? plain(name);
  return {
    of: (name) => known(name) ?? { type: 'animal', scientificName: null, rank: null },
    has: (name) => known(name) !== undefined,
    classesOf: (scientificName) => byTaxon.get(scientificName.normalize('NFC')) ?? [],
  };
}

/** Taxa of the competition's classes. */
export const builtInTaxa: TaxonTable = tableOf(new Map(Object.entries(competitionTaxa)));

/**
 * Reads a taxon table: `class` and `scientific_name`, optionally `taxon_rank` and `observation_type` (default animal). It
 * replaces the built-in entries of the classes it names.
 * @throws DatasetError where the file is no table; ExchangeError naming the column or cell at fault
 */
export async function readTaxa(path: string): Promise<TaxonTable> {
  const { header, rows } = await readCells(path);
  const [classAt, nameAt, rankAt, typeAt] = ['class', 'scientific_name', 'taxon_rank', 'observation_type'].map((name) =>
    columnOf(header, name),
  ) as [number, number, number, number];
  if (classAt < 0 || nameAt < 0) {
    throw new ExchangeError(
      'EXCHANGE_COLUMN',
      `${path}: there must be columns "class" and "scientific_name", got ${header.join(', ')}`,
      'the header reads class,scientific_name,taxon_rank,observation_type',
    );
  }
  const taxa = new Map(Object.entries(competitionTaxa));
  const given = new Set<string>();
  for (const { line, cells } of rows) {
    const name = (cells[classAt] as string).trim().normalize('NFC');
    const rank = knownText(cells[rankAt]).toLowerCase() || null;
    const type = knownText(cells[typeAt]).toLowerCase() || 'animal';
    const fault = (column: string, value: string, rule: string) =>
      cellError('EXCHANGE_VALUE', rule, { file: path, line, column, value }, 'leave the cell empty where nothing fits');
    if (name === '' || given.has(name)) {
      throw fault('class', name, name === '' ? 'a class must have a name' : 'the class is there twice');
    }
    if (rank !== null && !isOneOf(taxonRanks, rank)) {
      throw fault('taxon_rank', rank, `must be one of ${taxonRanks.join(', ')}`);
    }
    if (!isOneOf(observationTypes, type)) {
      throw fault('observation_type', type, `must be one of ${observationTypes.join(', ')}`);
    }
    given.add(name);
    taxa.set(name, { type, scientificName: knownText(cells[nameAt]) || null, rank });
  }
  return tableOf(taxa, given);
}

function isOneOf<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value);
}
