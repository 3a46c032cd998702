import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { knownText, readCells } from '@primatrix/dataset';
import { fileInFolder, textInFolder } from '@primatrix/files';
import { z } from 'zod';
import { cellError, ExchangeError } from '../exchange-error.ts';
import type { CamtrapTable } from './camtrap-dp.ts';

const descriptorSchema = z.looseObject({
  profile: z.string(),
  resources: z.array(
    z.looseObject({
      name: z.string(),
      // One file, or a table in several, as Data Package has it.
      path: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
      data: z.unknown().optional(),
    }),
  ),
  taxonomic: z.array(z.looseObject({ scientificName: z.string() })).optional(),
});

/** A row, with its place for messages; missing cells are empty. */
export interface ReadRow {
  readonly file: string;
  readonly line: number;
  get(column: string): string;
}

/** A data package as it was read; its rows refer only to rows that are there. */
export interface CamtrapPackage {
  readonly folder: string;
  readonly tables: Readonly<Record<CamtrapTable, { readonly file: string; readonly rows: readonly ReadRow[] }>>;
  readonly descriptor: z.infer<typeof descriptorSchema>;
}

/** Columns without which a table means nothing; the standard requires them. */
const required: Readonly<Record<CamtrapTable, readonly string[]>> = {
  deployments: ['deploymentID', 'latitude', 'longitude'],
  media: ['mediaID', 'deploymentID', 'timestamp', 'filePath'],
  observations: ['observationID', 'deploymentID', 'eventStart', 'eventEnd', 'observationLevel', 'observationType'],
};

/**
 * Words of the standard on which it hangs what a row says: a "Machine" read as none of them would be a person's label. In
 * small letters, as they are read.
 */
const vocabularies: ReadonlyMap<string, readonly string[]> = new Map([
  ['observationLevel', ['media', 'event']],
  ['observationType', ['animal', 'human', 'vehicle', 'blank', 'unknown', 'unclassified']],
  ['classificationMethod', ['human', 'machine']],
]);

/**
 * Reads a Camtrap DP 1.x data package and checks that its rows have what the standard requires of them, and refer to each other.
 * @param path its folder, or its `datapackage.json`
 * @throws ExchangeError or DatasetError naming file, line, column and value of the first fault
 */
export async function readCamtrapPackage(path: string): Promise<CamtrapPackage> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const file = isFolder ? join(path, 'datapackage.json') : path;
  const folder = dirname(file);
  const descriptor = await readDescriptor(file);
  const version = /camtrap-dp\/([^/]+)\//.exec(descriptor.profile)?.[1];
  if (version === undefined || !/^1(\.|$)/.test(version)) {
    throw new ExchangeError(
      'EXCHANGE_VERSION',
      `${file}: "profile" must be Camtrap DP 1.x, got ${descriptor.profile}`,
      'convert the package with the tool that made it',
    );
  }
  const read = (table: CamtrapTable) => readPackageTable(file, folder, table, descriptor);
  const tables = {
    deployments: await read('deployments'),
    media: await read('media'),
    observations: await read('observations'),
  };
  const deployments = new Set(unique(tables.deployments, 'deploymentID'));
  const media = new Set(unique(tables.media, 'mediaID'));
  unique(tables.observations, 'observationID');
  for (const table of [tables.media, tables.observations]) checkReferences(table, 'deploymentID', deployments);
  checkReferences(tables.observations, 'mediaID', media);
  return { folder, tables, descriptor };
}

async function readDescriptor(file: string): Promise<z.infer<typeof descriptorSchema>> {
  let text: string;
  try {
    text = await textInFolder(dirname(file), basename(file));
  } catch (cause) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: cannot be read: ${(cause as Error).message}`,
      'name the folder of the data package, or its datapackage.json',
      { cause },
    );
  }
  try {
    return descriptorSchema.parse(jsonOf(text));
  } catch (cause) {
    const broken = cause instanceof z.ZodError;
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: is no descriptor of a data package (${broken ? z.prettifyError(cause).replace(/\s*\n\s*/g, ' ') : (cause as Error).message})`,
      broken
        ? 'it must have "profile", and "resources" each with "name" and "path": correct it, or export the package again'
        : 'it must be JSON in UTF-8: correct it, or export the package again',
      { cause },
    );
  }
}

async function readPackageTable(
  file: string,
  folder: string,
  table: CamtrapTable,
  { resources }: CamtrapPackage['descriptor'],
): Promise<{ file: string; rows: ReadRow[] }> {
  const [resource, second] = resources.filter(({ name }) => name === table);
  if (second !== undefined) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: there are several resources "${table}"`,
      'keep one; a table in several files is one resource whose "path" is a list',
    );
  }
  const paths = resource?.path === undefined ? [] : [resource.path].flat();
  // Packages come from elsewhere: a path must not lead out of the folder.
  const wrong = paths.find((path) => /^([a-z]+:|[./~\\])|\.\.|\.(gz|zip)$/i.test(path));
  const [first, ...more] = paths.map((path) => join(folder, path));
  if (first === undefined || wrong !== undefined) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: the resource "${table}" must have the path of a CSV file in the package, got ${wrong ?? 'none'}`,
      'unpack or download the tables into the folder of the package',
    );
  }
  for (const path of paths) {
    const found = await fileInFolder(folder, path);
    if ('fault' in found) {
      throw new ExchangeError(
        'EXCHANGE_FILE',
        `${file}: the resource "${table}" names ${path}, which ${found.fault}`,
        'the package is not whole: export it again, or copy it with its tables (links as the files they lead to: cp -rL)',
      );
    }
  }
  const { file: csv, header, rows } = await readCells(first, more);
  const lacking = required[table].find((column) => !header.includes(column));
  if (lacking !== undefined) {
    throw new ExchangeError(
      'EXCHANGE_COLUMN',
      `${csv}: there must be a column "${lacking}", got ${header.join(', ')}`,
      'export the package again',
    );
  }
  const at = new Map(header.map((name, index) => [name, index]));
  return {
    file: csv,
    rows: rows.map(({ file: part, line, cells }) => {
      const get = (column: string) => {
        const value = knownText(cells[at.get(column) ?? -1]);
        return vocabularies.has(column) ? value.toLowerCase() : value;
      };
      for (const [column, words] of vocabularies) {
        const value = get(column);
        if (value !== '' && at.has(column) && !words.includes(value)) {
          throw cellError(
            'EXCHANGE_VALUE',
            `must be one of ${words.join(', ')}`,
            { file: part, line, column, value },
            'write the word of the standard, or export the package again',
          );
        }
      }
      for (const column of required[table]) {
        if (get(column) === '') {
          throw cellError(
            'EXCHANGE_VALUE',
            'the standard requires a value',
            { file: part, line, column, value: '' },
            'fill the cell in',
          );
        }
      }
      return { file: part, line, get };
    }),
  };
}

type ReadTable = CamtrapPackage['tables'][CamtrapTable];

function unique({ rows }: ReadTable, column: string): string[] {
  const seen = new Map<string, ReadRow>();
  for (const row of rows) {
    const value = row.get(column);
    const earlier = seen.get(value);
    if (earlier !== undefined) {
      throw cellError(
        'EXCHANGE_REFERENCE',
        `is already in line ${earlier.line}${earlier.file === row.file ? '' : ` of ${earlier.file}`}`,
        { file: row.file, line: row.line, column, value },
        'give every row an identifier of its own',
      );
    }
    seen.set(value, row);
  }
  return [...seen.keys()];
}

function checkReferences({ rows }: ReadTable, column: string, there: ReadonlySet<string>): void {
  for (const row of rows) {
    const value = row.get(column);
    if (value !== '' && !there.has(value)) {
      throw cellError(
        'EXCHANGE_REFERENCE',
        'there is no such row',
        { file: row.file, line: row.line, column, value },
        'the package is not whole: export it again',
      );
    }
  }
}
