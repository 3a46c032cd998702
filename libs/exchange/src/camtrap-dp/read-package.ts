import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCells } from '@primatrix/dataset';
import { z } from 'zod';
import { cellError, ExchangeError } from '../exchange-error.ts';
import { missingValues, type CamtrapTable } from './camtrap-dp.ts';

const descriptorSchema = z.looseObject({
  profile: z.string(),
  resources: z.array(z.looseObject({ name: z.string(), path: z.string().optional(), data: z.unknown().optional() })),
  taxonomic: z.array(z.looseObject({ scientificName: z.string() })).optional(),
});

/** A row, with its line for messages; missing cells are empty. */
export interface ReadRow {
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
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: cannot be read`,
      'name the folder of the data package, or its datapackage.json',
      { cause },
    );
  }
  try {
    return descriptorSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: is no descriptor of a data package (${cause instanceof z.ZodError ? z.prettifyError(cause).replace(/\s*\n\s*/g, ' ') : (cause as Error).message})`,
      'export the package again',
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
  const path = resources.find(({ name }) => name === table)?.path;
  // Packages come from elsewhere: a path must not lead out of the folder.
  if (path === undefined || /^([a-z]+:|[./~\\])|\.\.|\.(gz|zip)$/i.test(path)) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${file}: the resource "${table}" must have the path of a CSV file in the package, got ${path ?? 'none'}`,
      'unpack or download the tables into the folder of the package',
    );
  }
  const { file: csv, header, rows } = await readCells(join(folder, path));
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
    rows: rows.map(({ line, cells }) => {
      const get = (column: string) => {
        const cell = cells[at.get(column) ?? -1] ?? '';
        return missingValues.has(cell) ? '' : cell;
      };
      for (const column of required[table]) {
        if (get(column) === '') {
          throw cellError(
            'EXCHANGE_VALUE',
            'the standard requires a value',
            { file: csv, line, column, value: '' },
            'fill the cell in',
          );
        }
      }
      return { line, get };
    }),
  };
}

type ReadTable = CamtrapPackage['tables'][CamtrapTable];

function unique({ file, rows }: ReadTable, column: string): string[] {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const value = row.get(column);
    const earlier = seen.get(value);
    if (earlier !== undefined) {
      throw cellError(
        'EXCHANGE_REFERENCE',
        `is already in line ${earlier}`,
        { file, line: row.line, column, value },
        'give every row an identifier of its own',
      );
    }
    seen.set(value, row.line);
  }
  return [...seen.keys()];
}

function checkReferences({ file, rows }: ReadTable, column: string, there: ReadonlySet<string>): void {
  for (const row of rows) {
    const value = row.get(column);
    if (value !== '' && !there.has(value)) {
      throw cellError(
        'EXCHANGE_REFERENCE',
        'there is no such row',
        { file, line: row.line, column, value },
        'the package is not whole: export it again',
      );
    }
  }
}
