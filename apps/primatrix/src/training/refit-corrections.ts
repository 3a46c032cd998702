import { existsSync } from 'node:fs';
import { readProjectCorrections } from '@primatrix/gateway';
import { joinTable, readLabels } from '@primatrix/dataset';
import {
  keptRecordsKey,
  readKeptRecords,
  RefitError,
  type BundleManifest,
  type Corrections,
  type ReviewedSource,
} from '@primatrix/prediction';
import { count } from '../terminal/format.ts';

/** Where corrections come from. */
export interface CorrectionOptions {
  /** Folder of a review project. */
  readonly project?: string;
  /** Table of labels: filename and one 0/1 column a class. */
  readonly labels?: string;
  /** File of first-level records that `predict --records` wrote. */
  readonly records?: string;
}

interface Bundle {
  readonly manifest: BundleManifest;
  readonly digest: string;
}

/**
 * Reads all corrections that the options name.
 * @param tell told what is left out
 * @throws RefitError, DatasetError naming file and rule
 */
export async function readCorrections(
  { project, labels, records }: CorrectionOptions,
  bundle: Bundle,
  tell: (line: string) => void,
): Promise<Corrections> {
  if (project === undefined && labels === undefined) {
    throw new RefitError('REFIT_NOTHING', 'refit: --project or --labels must say where the corrections are', {
      hint: 'give the folder of a review project, or a table of labels (filename and one 0/1 column a class)',
    });
  }
  if (records !== undefined && labels === undefined) {
    throw new RefitError('REFIT_NOTHING', 'refit: --records without --labels corrects nothing', {
      hint: 'give the labels of the clips in it with --labels',
    });
  }
  const sources: ReviewedSource[] = [];
  if (project !== undefined) {
    const { source, leftOut, newSpecies } = await readProjectCorrections(project, bundle);
    sources.push(source);
    if (leftOut.unsure > 0) tell(`left out: ${count(leftOut.unsure, 'unsure clip')}`);
    if (leftOut.unread > 0) {
      tell(`left out: ${count(leftOut.unread, 'reviewed clip')} that could not be read, or have not been analysed yet`);
    }
    if (leftOut.unknown > 0) {
      tell(
        `left out: ${count(leftOut.unknown, 'clip')} of species that the bundle does not know (${newSpecies.join(', ')}); a new training learns them: primatrix import ${project} --out <dataset>`,
      );
    }
  }
  const table =
    labels === undefined ? new Map<string, Uint8Array>() : await labelsByName(labels, bundle.manifest.classes);
  if (records === undefined) return { sources, ofDataset: table };
  const { source, recorded } = await recordedSource(records, table, bundle);
  sources.push(source);
  return { sources, ofDataset: new Map([...table].filter(([filename]) => !recorded.has(filename))) };
}

/** @throws RefitError `REFIT_CLASSES` where the table has other classes than the bundle */
async function labelsByName(path: string, classes: readonly string[]): Promise<Map<string, Uint8Array>> {
  const table = await readLabels(path);
  const unknown = table.classes.filter((name) => !classes.includes(name));
  const missing = classes.filter((name) => !table.classes.includes(name));
  if (unknown.length + missing.length > 0) {
    const parts = [
      ...(unknown.length > 0 ? [`the bundle does not know ${unknown.join(', ')}`] : []),
      ...(missing.length > 0 ? [`there is no column ${missing.join(', ')}`] : []),
    ];
    throw new RefitError('REFIT_CLASSES', `refit: ${path} must have the classes of the bundle: ${parts.join('; ')}`, {
      fields: { file: path },
      hint:
        unknown.length > 0
          ? 'take the column and the clips that show it out of the table, or train anew: only a training learns new species'
          : 'add the column, with 0 where a clip does not show the class',
    });
  }
  const from = classes.map((name) => table.classes.indexOf(name));
  const width = classes.length;
  return new Map(
    table.filenames.map((name, row) => [name, Uint8Array.from(from, (c) => table.labels[row * width + c] ?? 0)]),
  );
}

/**
 * What the records say of the clips that the table labels, by path or by base name, and the table's names of those.
 * @throws RefitError `REFIT_RECORDS` where the file is not there, or is of another bundle
 */
async function recordedSource(
  path: string,
  labels: ReadonlyMap<string, Uint8Array>,
  bundle: Bundle,
): Promise<{ readonly source: ReviewedSource; readonly recorded: ReadonlySet<string> }> {
  const hint = 'predict the clips with --records and the bundle that is to be fitted again';
  if (!existsSync(path)) throw new RefitError('REFIT_RECORDS', `refit: there is no ${path}`, { hint });
  const read = (wanted: (filename: string) => boolean) =>
    readKeptRecords(path, { nets: bundle.manifest.neighbours.nets, take: ({ record }) => record, wanted });
  // Read twice, as a record is some kB and there may be 100,000 clips: labels go by base names too, which only all
  // names together can settle, and after that the labelled clips' records alone are kept in memory.
  const { key, clips } = await read(() => false);
  if (key !== keptRecordsKey(bundle)) {
    throw new RefitError(
      'REFIT_RECORDS',
      `refit: ${path} holds ${key === undefined ? 'no records that predict wrote' : 'records of another bundle'}`,
      { hint },
    );
  }
  const names = clips.map(({ filename }) => filename);
  const { rows } = joinTable(names, new Map([...labels].map(([name, shown]) => [name, { name, shown }])));
  const labelled = new Map(names.flatMap((name, i) => (rows[i] === undefined ? [] : [[name, rows[i]] as const])));
  const { records } = await read((filename) => labelled.has(filename));
  return {
    source: {
      clips,
      reviewed: [...records.values()].map((record) => ({
        record,
        labels: labelled.get(record.filename)?.shown ?? new Uint8Array(),
      })),
    },
    recorded: new Set([...labelled.values()].map(({ name }) => name)),
  };
}
