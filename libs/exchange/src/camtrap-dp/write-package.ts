import { join } from 'node:path';
import { writeFileAtomic } from '@primatrix/files';
import { stringify } from 'csv-stringify/sync';
import type { ClipRecord } from '../clip-record.ts';
import { camtrapTables, writtenColumns, type CamtrapRow, type CamtrapTable } from './camtrap-dp.ts';
import { packageDescriptor, unstatedProperties, type PackageFacts, type PackageProperties } from './package-descriptor.ts';
import { packageTables, type CamtrapSettings } from './package-tables.ts';

export interface WriteCamtrapOptions extends CamtrapSettings, Pick<PackageFacts, 'created' | 'software'> {
  readonly properties?: PackageProperties | undefined;
  /** What must be said of the predictions wherever they are shown. */
  readonly caveats: readonly string[];
}

/**
 * Writes predictions of clips as a Camtrap DP 1.0 data package: `datapackage.json`, `deployments.csv`, `media.csv` and
 * `observations.csv`. Paths in it are the clips' names: put the package into the folder with the clips, or copy them to it.
 * @param folder made where it is not there
 * @returns what had to be assumed: sentences for people
 */
export async function writeCamtrapPackage(folder: string, records: readonly ClipRecord[], classes: readonly string[], options: WriteCamtrapOptions): Promise<readonly string[]> {
  const { rows, places, span, warnings } = packageTables(records, classes, options);
  for (const table of camtrapTables) await writeFileAtomic(join(folder, `${table}.csv`), tableText(table, rows[table]));
  const observed = new Set(rows.observations.map(({ scientificName }) => scientificName));
  const taxa = classes.flatMap((className) => {
    const { scientificName, rank } = options.taxa.of(className);
    // Several classes may be one taxon: it is listed once.
    return scientificName !== null && observed.delete(scientificName) ? [{ scientificName, rank, className }] : [];
  });
  const { created, software, properties, caveats } = options;
  const descriptor = packageDescriptor({ places, span, taxa, created, software, caveats }, properties);
  // Last: a package that broke off has no descriptor.
  await writeFileAtomic(join(folder, 'datapackage.json'), `${JSON.stringify(descriptor, null, 2)}\n`);
  const unstated = unstatedProperties(properties);
  return unstated.length === 0 ? warnings : [...warnings, `the package does not say its ${unstated.join(', ')}: give them in a JSON file with --package`];
}

/** Comma, double quotes, line feeds; control characters stay, quoted. */
function tableText(table: CamtrapTable, rows: readonly CamtrapRow[]): string {
  const columns = writtenColumns[table];
  return stringify([[...columns], ...rows.map((row) => columns.map((column) => row[column] ?? ''))], { quoted_match: /[\r\n;\t]|^\s|\s$/ });
}
