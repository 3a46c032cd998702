import { isBlankClass, readCells } from '@primatrix/dataset';
import { ModelError } from '../model-error.ts';

/** What a class of a model means here; an empty picture is `blank`, and what is none of the others is `other`. */
export const labelGroups = ['animal', 'person', 'vehicle', 'blank', 'other'] as const;
/** One of {@link labelGroups}. */
export type LabelGroup = (typeof labelGroups)[number];

/** One class of a model. */
export interface Label {
  readonly name: string;
  readonly group: LabelGroup;
  readonly scientificName: string | null;
  readonly taxonRank: string | null;
}

const cocoAnimals = ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'];
const people = ['person', 'human', 'people', 'homo sapiens'];
const vehicles = ['vehicle', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat'];
const groupOf: ReadonlyMap<string, LabelGroup> = new Map<string, LabelGroup>([
  ...['animal', ...cocoAnimals].map((name) => [name, 'animal'] as const),
  ...people.map((name) => [name, 'person'] as const),
  ...vehicles.map((name) => [name, 'vehicle'] as const),
]);

/**
 * The group that a class's name speaks of: names of MegaDetector, of COCO, and those of empty pictures are known.
 * @param otherwise of names that are not known: `animal` of a classifier of species, else `other`
 */
export function groupOfName(name: string, otherwise: LabelGroup): LabelGroup {
  return isBlankClass(name) ? 'blank' : (groupOf.get(name.trim().toLowerCase()) ?? otherwise);
}

/**
 * Reads `labels.csv`: index and name of each class, and as people please group, scientific_name and taxon_rank. Indices are from 0,
 * without a gap.
 * @param otherwise the group of a class whose name says nothing and for which the table says nothing
 * @throws ModelError MODEL_LABELS naming file and line
 */
export async function readLabels(path: string, otherwise: LabelGroup): Promise<Label[]> {
  const { header, rows } = await readCells(path);
  const column = (name: string) => header.findIndex((cell) => cell.trim().toLowerCase() === name);
  const [index, plain, group, scientific, rank] = ['index', 'name', 'group', 'scientific_name', 'taxon_rank'].map(
    column,
  );
  // As AudioSet's table has it, which models of sound come with.
  const name = plain === -1 ? column('display_name') : plain;
  if (index === undefined || index < 0 || name === undefined || name < 0) {
    throw new ModelError('MODEL_LABELS', `${path}: must have columns index and name, got ${header.join(', ')}`);
  }
  const labels: Label[] = [];
  for (const { cells, line } of rows) {
    const said = (at: number | undefined) => (at === undefined || at < 0 ? '' : (cells[at] ?? '').trim());
    const given = said(group);
    if (said(index) !== String(labels.length)) {
      throw new ModelError('MODEL_LABELS', `${path}:${line}: index must be ${labels.length}, got '${said(index)}'`);
    }
    if (said(name) === '') throw new ModelError('MODEL_LABELS', `${path}:${line}: the class has no name`);
    if (given !== '' && !labelGroups.some((known) => known === given)) {
      throw new ModelError(
        'MODEL_LABELS',
        `${path}:${line}: group must be one of ${labelGroups.join(', ')}, got '${given}'`,
      );
    }
    labels.push({
      name: said(name),
      group: given === '' ? groupOfName(said(name), otherwise) : (given as LabelGroup),
      scientificName: said(scientific) || null,
      taxonRank: said(rank) || null,
    });
  }
  if (labels.length === 0) throw new ModelError('MODEL_LABELS', `${path}: must name at least one class`);
  return labels;
}
