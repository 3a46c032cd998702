import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { canonicalJson, sha256Bytes } from '@primatrix/files';
import { classColumns, matchClasses } from './class-columns.ts';
import { listClipFiles, type ClipFiles } from './clip-files.ts';
import { readCsvTable } from './csv-table.ts';
import { DatasetError } from './dataset-error.ts';
import type { UnreadableFolder } from './files-below.ts';
import { describeJoin, joinOrRefuse, type TableJoin } from './join-table.ts';
import { readLabels, type LabelTable } from './labels.ts';
import { readOrigins, type ClipOrigin } from './sites.ts';

/** train: labelled; test: to be predicted; other: in neither table. */
export type Split = 'train' | 'test' | 'other';

/** One clip of a dataset. */
export interface Clip extends ClipOrigin {
  /** Its name in the tables; a clip in no table has its path below the clips folder. Slashes forward. */
  readonly filename: string;
  /** Where the file is, or would be. */
  readonly path: string;
  /** Null: there is no such file. */
  readonly bytes: number | null;
  readonly split: Split;
  /** [classes], 0 or 1; train clips only. */
  readonly labels?: Uint8Array;
}

/** A dataset folder, read and checked. */
export interface Dataset {
  /** Name of the folder. */
  readonly name: string;
  /** sha256 of what the dataset says: classes, splits, labels, sites, times, file names and sizes; not of where it lies. */
  readonly digest: string;
  /** Columns of the label table, in its order. */
  readonly classes: readonly string[];
  /** Sorted by filename. */
  readonly clips: readonly Clip[];
  /** What a submission looks like: the rows and class columns of `submission_format.csv`, in its order. */
  readonly submission: SubmissionFormat;
  /** Names of the clips that a table lists but the folder lacks. */
  readonly missing: readonly string[];
  /** Folders of the clips that could not be read, each with why. */
  readonly unreadable: readonly UnreadableFolder[];
  /** Names in `clips.csv` that belong to no clip of the dataset. */
  readonly unknown: readonly string[];
  /** What of clips and `clips.csv` does not belong together: sentences for people. */
  readonly unmatched: readonly string[];
}

/** The table that a competition wants filled in. */
export interface SubmissionFormat {
  /** All test clips; none where there is no such table. */
  readonly filenames: readonly string[];
  /** Those of the labels; in the labels' order where the table has no class columns. */
  readonly classes: readonly string[];
}

/** Other places than the usual ones for parts of a dataset. */
export interface DatasetPlaces {
  readonly clips?: string;
  readonly labels?: string;
  readonly test?: string;
}

/**
 * Reads a dataset folder: `clips/**`, `train_labels.csv`, and, where they are, `submission_format.csv` and `clips.csv`.
 * Listed clips without a file stay in `clips` with `bytes: null`, and are named in `missing`.
 * @throws DatasetError when a part is not there, tables contradict each other, `clips.csv` names none of the clips, or
 *   a table breaks a rule
 */
export async function openDataset(directory: string, places: DatasetPlaces = {}): Promise<Dataset> {
  const root = resolve(directory);
  if (!existsSync(root)) {
    throw new DatasetError(
      'DATASET_NOT_FOUND',
      `there is no folder ${root}`,
      undefined,
      'Check the path given as --dataset.',
    );
  }
  const labelFile = places.labels ?? join(root, 'train_labels.csv');
  const clipsFolder = resolve(places.clips ?? join(root, 'clips'));
  const train = await readLabels(labelFile);
  const test = await readTest(places.test ?? optional(join(root, 'submission_format.csv')), train, labelFile);
  const originFile = optional(join(root, 'clips.csv'));
  const files = await listClipFiles(clipsFolder);

  const bare = collectClips(train, test.filenames, files, clipsFolder);
  const origins = originFile === undefined ? undefined : await joinOrigins(bare, files, originFile);
  const clips = bare.map((clip, i) => ({ ...clip, ...origins?.rows[i] }));
  return {
    name: basename(root),
    digest: digestOfContent(train.classes, clips),
    classes: train.classes,
    clips,
    submission: test,
    unreadable: files.unreadable,
    missing: clips.filter((clip) => clip.bytes === null).map((clip) => clip.filename),
    unknown: [...(origins?.unknown ?? [])].sort(),
    unmatched: origins === undefined ? [] : describeJoin(origins, originFile as string),
  };
}

function optional(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** Test clips of a submission format: its class columns, where it has any, must be the labels' own. */
async function readTest(path: string | undefined, train: LabelTable, labelFile: string): Promise<SubmissionFormat> {
  if (path === undefined) return { filenames: [], classes: train.classes };
  const table = await readCsvTable(path);
  const columns = classColumns(table);
  if (columns.length > 0) {
    matchClasses(
      train.classes,
      columns.map(({ name }) => name),
      path,
    );
  }
  const labelled = new Set(train.filenames);
  for (const { line, filename } of table.rows) {
    if (labelled.has(filename)) {
      throw new DatasetError(
        'DATASET_SPLIT',
        `the file is in ${labelFile} too`,
        { file: path, line, column: 'filename', value: filename },
        'A clip is for training or for testing: remove it from one table.',
      );
    }
  }
  return {
    filenames: table.rows.map((row) => row.filename),
    classes: columns.length > 0 ? columns.map(({ name }) => name) : train.classes,
  };
}

/** `clips.csv` may name a clip as the other tables do, or by its path where they use the base name, or the reverse. */
async function joinOrigins(clips: readonly Clip[], files: ClipFiles, table: string): Promise<TableJoin<ClipOrigin>> {
  const { byFilename } = await readOrigins(table);
  const names = clips.map(({ filename }) => files.find(filename)?.name ?? filename);
  const join = joinOrRefuse(names, byFilename, table);
  const [several] = join.ambiguous;
  if (several === undefined) return join;
  throw new DatasetError(
    'DATASET_AMBIGUOUS',
    `"${several}" may be several clips`,
    { file: table, column: 'filename' },
    'Write the path below the clips folder into the table.',
  );
}

function collectClips(train: LabelTable, test: readonly string[], files: ClipFiles, folder: string): Clip[] {
  const width = train.classes.length;
  const listedAs = new Map<string, string>();
  const listed = (filename: string, split: Split): Clip => {
    const file = files.find(filename);
    if (file !== undefined) {
      const earlier = listedAs.get(file.path);
      if (earlier !== undefined) {
        throw new DatasetError(
          'DATASET_AMBIGUOUS',
          `"${earlier}" and "${filename}" are the same file ${file.name}`,
          undefined,
          'Keep one row for it.',
        );
      }
      listedAs.set(file.path, filename);
    }
    const path = file?.path ?? join(folder, filename);
    return { filename, path, bytes: file?.bytes ?? null, split };
  };
  const clips = [
    ...train.filenames.map((filename, row): Clip => ({
      ...listed(filename, 'train'),
      labels: train.labels.slice(row * width, (row + 1) * width),
    })),
    ...test.map((filename) => listed(filename, 'test')),
  ];
  for (const { name, path, bytes, isMedia } of files.files) {
    if (isMedia && !listedAs.has(path)) clips.push({ filename: name, path, bytes, split: 'other' });
  }
  return clips.sort((a, b) => (a.filename < b.filename ? -1 : a.filename > b.filename ? 1 : 0));
}

function digestOfContent(classes: readonly string[], clips: readonly Clip[]): string {
  const lines = clips.map(({ filename, bytes, split, labels, site, capturedAt }) =>
    canonicalJson({
      filename,
      bytes,
      split,
      labels: labels === undefined ? undefined : [...labels].join(''),
      site,
      capturedAt,
    }),
  );
  return sha256Bytes([canonicalJson(classes), ...lines].join('\n'));
}
