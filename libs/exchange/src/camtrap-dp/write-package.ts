import { join } from 'node:path';
import { writeTextAtomic } from '@primatrix/files';
import { stringify } from 'csv-stringify/sync';
import { allClasses, type ClipRecord } from '../clip-record.ts';
import { camtrapTables, writtenColumns, type CamtrapRow, type CamtrapTable } from './camtrap-dp.ts';
import {
  packageDescriptor,
  unstatedProperties,
  type PackageFacts,
  type PackageProperties,
} from './package-descriptor.ts';
import { packageTables, type CamtrapSettings } from './package-tables.ts';

/**
 * What a Camtrap DP package says beside its clips: how predictions become observations, who made it, and what must be
 * known of it.
 */
export interface WriteCamtrapOptions extends CamtrapSettings, Pick<PackageFacts, 'created' | 'software'> {
  readonly properties?: PackageProperties | undefined;
  /** What must be said of the predictions wherever they are shown. */
  readonly caveats: readonly string[];
}

/** One file of a package, in parts. */
export interface PackageFile {
  readonly name: string;
  readonly text: Iterable<string>;
}

/**
 * Predictions of clips, and what people decided, as a Camtrap DP 1.0 data package: `deployments.csv`, `media.csv`,
 * `observations.csv` and, last, `datapackage.json`. Paths in it are the clips' names: put the package into the folder with the
 * clips, or copy them to it.
 * @returns its files, and what had to be assumed: sentences for people
 */
export function camtrapPackage(
  records: readonly ClipRecord[],
  classes: readonly string[],
  options: WriteCamtrapOptions,
): { readonly files: readonly PackageFile[]; readonly warnings: readonly string[] } {
  const { rows, places, span, warnings } = packageTables(records, classes, options);
  const observed = new Set(rows.observations.map(({ scientificName }) => scientificName));
  const taxa = allClasses(records, classes).flatMap((className) => {
    const { scientificName, rank } = options.taxa.of(className);
    // Several classes may be one taxon: it is listed once.
    return scientificName !== null && observed.delete(scientificName) ? [{ scientificName, rank, className }] : [];
  });
  const { created, software, properties, caveats } = options;
  const descriptor = packageDescriptor({ places, span, taxa, created, software, caveats }, properties);
  const unstated = unstatedProperties(properties);
  return {
    files: [
      ...camtrapTables.map((table) => ({ name: `${table}.csv`, text: tableText(table, rows[table]) })),
      { name: 'datapackage.json', text: [`${JSON.stringify(descriptor, null, 2)}\n`] },
    ],
    warnings:
      unstated.length === 0
        ? warnings
        : [...warnings, `the package does not say its ${unstated.join(', ')}: give them in a JSON file with --package`],
  };
}

/**
 * Writes {@link camtrapPackage} to a folder; the descriptor last, so that a package that broke off has none.
 * @param folder made where it is not there
 * @returns what had to be assumed
 */
export async function writeCamtrapPackage(
  folder: string,
  records: readonly ClipRecord[],
  classes: readonly string[],
  options: WriteCamtrapOptions,
): Promise<readonly string[]> {
  const { files, warnings } = camtrapPackage(records, classes, options);
  for (const { name, text } of files) await writeTextAtomic(join(folder, name), text);
  return warnings;
}

/** Rows that are put into words at once. */
const rowsAtOnce = 500;

/** Comma, double quotes, line feeds; control characters stay, quoted. */
function* tableText(table: CamtrapTable, rows: readonly CamtrapRow[]): Iterable<string> {
  const columns = writtenColumns[table];
  const text = (some: readonly (readonly string[])[]) => stringify([...some], { quoted_match: /[\r\n;\t]|^\s|\s$/ });
  yield text([columns]);
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    yield text(rows.slice(start, start + rowsAtOnce).map((row) => columns.map((column) => row[column] ?? '')));
  }
}
