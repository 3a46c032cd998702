import { Rng } from '@primatrix/rng';
import { DatasetError } from './dataset-error.ts';
import { stratifyGroups } from './group-stratification.ts';
import { stratify } from './iterative-stratification.ts';
import { readLabels } from './labels.ts';
import { siteGroups } from './site-groups.ts';
import { readSitesOfClips, type SitesOfClips } from './sites-of-clips.ts';

/** A labelled clip, as far as folds are concerned: train clips of a `Dataset` are such. */
export interface FoldClip {
  readonly filename: string;
  /** [classes], 0 or 1; the same length in every clip. */
  readonly labels: Uint8Array;
  readonly site?: string;
}

/** How folds are made. */
export interface FoldOptions {
  /** Class names, for the warnings. */
  readonly classes: readonly string[];
  /** Number of folds, at least 2. */
  readonly folds: number;
  readonly seed: number;
  /** Whether clips of one site stay together; without effect where no clip has a site. Default true. */
  readonly groupBySite?: boolean;
}

/** A class that is too rare to be in every fold. */
export interface RareClass {
  readonly class: string;
  /** Clips that show it. */
  readonly clips: number;
  /** Sites with such clips, where clips are grouped; else the same as `clips`. */
  readonly groups: number;
  readonly message: string;
}

/** Validation clips of each fold: a partition of all clips. */
export interface Folds {
  /** Filenames, sorted within each fold. */
  readonly folds: readonly (readonly string[])[];
  readonly warnings: readonly RareClass[];
}

/** {@link Folds} of tables. */
export interface TableFolds extends Folds {
  /** What of labels and sites does not belong together: sentences for people. */
  readonly unmatched: readonly string[];
}

/**
 * Splits clips into folds that are alike in their classes: multi-label stratified, and with no site in two folds where
 * sites are known (a clip without a site is a group of its own). The same clips, options and seed give the same folds,
 * in whatever order the clips come.
 * @throws DatasetError FOLDS_TOO_MANY when there are fewer clips, or sites, than folds; `fields.possible` says how many can be made
 */
export function makeFolds(
  clips: readonly FoldClip[],
  { classes, folds, seed, groupBySite = true }: FoldOptions,
): Folds {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new DatasetError(
      'FOLDS_SETTINGS',
      `the number of folds must be a whole number of at least 2, got ${folds}`,
      undefined,
      'Give --folds 2 or more.',
    );
  }
  if (!Number.isInteger(seed)) {
    throw new DatasetError(
      'FOLDS_SETTINGS',
      `the seed must be a whole number, got ${seed}`,
      undefined,
      'Give --seed a whole number.',
    );
  }
  const sorted = [...clips].sort((a, b) => (a.filename < b.filename ? -1 : a.filename > b.filename ? 1 : 0));
  refuseFaultyClips(sorted, classes.length);
  const grouped = groupBySite && sorted.some((clip) => clip.site !== undefined);
  const { groupOf, groups } = grouped
    ? siteGroups(sorted)
    : { groupOf: Uint32Array.from(sorted.keys()), groups: sorted.length };
  if (groups < folds) throw tooMany(folds, groups, grouped);

  const labels = sorted.map((clip) => clip.labels);
  const rng = Rng.of(seed, 'folds', folds, grouped ? 'by-site' : 'by-clip');
  let foldOf: (row: number) => number;
  if (grouped) {
    const foldOfGroup = stratifyGroups(labels, groupOf, groups, folds, rng);
    foldOf = (row) => foldOfGroup[groupOf[row] as number] as number;
  } else {
    const foldOfRow = stratify(labels, folds, rng);
    foldOf = (row) => foldOfRow[row] as number;
  }
  const result = Array.from({ length: folds }, (): string[] => []);
  sorted.forEach((clip, row) => (result[foldOf(row)] as string[]).push(clip.filename));
  return { folds: result, warnings: rareClasses(sorted, classes, groupOf, folds, grouped) };
}

/**
 * {@link makeFolds} from tables alone: no clip needs to be there.
 * @param tables `labels`: as `train_labels.csv`; `sites`: a table of filename and site, in which clips may be missing
 * @throws DatasetError as readLabels, readSitesOfClips and makeFolds do
 */
export async function foldsFromTables(
  tables: { readonly labels: string; readonly sites?: string },
  options: Omit<FoldOptions, 'classes'>,
): Promise<TableFolds> {
  const { classes, filenames, labels } = await readLabels(tables.labels);
  const { sites, unmatched }: SitesOfClips =
    tables.sites === undefined ? { sites: new Map(), unmatched: [] } : await readSitesOfClips(filenames, tables.sites);
  const clips = filenames.map((filename, row): FoldClip => {
    const site = sites.get(filename)?.site;
    return {
      filename,
      labels: labels.subarray(row * classes.length, (row + 1) * classes.length),
      ...(site === undefined ? {} : { site }),
    };
  });
  return { ...makeFolds(clips, { ...options, classes }), unmatched };
}

function refuseFaultyClips(sorted: readonly FoldClip[], classes: number): void {
  sorted.forEach(({ filename, labels }, row) => {
    if (sorted[row - 1]?.filename === filename) {
      throw new DatasetError('CSV_DUPLICATE', `the clip ${filename} is there twice`, undefined, 'Keep one row a clip.');
    }
    if (labels.length !== classes) {
      throw new DatasetError(
        'DATASET_CLASSES',
        `the clip ${filename} must have ${classes} labels, got ${labels.length}`,
        undefined,
        'Every clip has one label a class.',
      );
    }
  });
}

function tooMany(folds: number, possible: number, grouped: boolean): DatasetError {
  const what = grouped ? 'sites' : 'clips';
  const advice =
    possible >= 2 ? `Give --folds ${possible} or fewer` : grouped ? 'Label clips of more sites' : 'Label more clips';
  return new DatasetError(
    'FOLDS_TOO_MANY',
    `${folds} folds need at least ${folds} ${what}, got ${possible}`,
    undefined,
    grouped ? `${advice}, or leave the sites out (then scores are too good: nets recognise the place).` : `${advice}.`,
    { fields: { folds, possible, grouped } },
  );
}

function rareClasses(
  clips: readonly FoldClip[],
  classes: readonly string[],
  groupOf: Uint32Array,
  folds: number,
  grouped: boolean,
): RareClass[] {
  return classes.flatMap((name, c) => {
    const rows = [...clips.keys()].filter((row) => clips[row]?.labels[c] === 1);
    const groups = new Set(rows.map((row) => groupOf[row])).size;
    if (groups >= folds) return [];
    const seen = grouped ? `${rows.length} clips at ${groups} sites` : `${rows.length} clips`;
    const message = `class "${name}" has ${seen}: ${folds - groups} of ${folds} folds validate without it`;
    return [{ class: name, clips: rows.length, groups, message }];
  });
}
