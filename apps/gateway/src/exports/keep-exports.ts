import { join } from 'node:path';
import { builtInTaxa, writeCamtrapPackage } from '@primatrix/exchange';
import { packageOf, sha256Bytes, writeTextAtomic } from '@primatrix/files';
import type { ReviewProject } from '../project/review-project.ts';
import { clipRecords } from './clip-records.ts';
import { csvTables } from './csv-tables.ts';

const { version } = packageOf(import.meta.url);
const software = { title: 'Primatrix', version };

/** Keeps the tables of a project, and its Camtrap DP package, up to date in a folder. */
export class KeptExports {
  readonly folder: string;
  /** Digests of what was written, by name: what stays as it is is not written again. */
  private readonly written = new Map<string, string>();
  /** Of the table, when all was written last. */
  private version = -1;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether clips have changed since all was written. */
  isDue({ table }: ReviewProject): boolean {
    return table.version !== this.version;
  }

  /**
   * Writes what has changed; each file appears whole or not at all.
   * @throws what the disk says, where it is full or away: what was not written is due
   */
  async write(project: ReviewProject): Promise<void> {
    const { table } = project;
    const { version: now, classes } = table;
    const rows = [...table.rows()];
    for (const { name, lines } of csvTables) {
      const text = [...lines(rows, classes)].join('');
      const digest = sha256Bytes(text);
      if (this.written.get(name) === digest) continue;
      await writeTextAtomic(join(this.folder, name), text);
      this.written.set(name, digest);
    }
    await writeCamtrapPackage(join(this.folder, 'camtrap-dp'), rows.flatMap(clipRecords), classes, {
      ...{ taxa: builtInTaxa, threshold: 0.5, classifiedBy: `Primatrix ${version}`, software },
      created: `${project.now().toISOString().slice(0, 19)}Z`,
      caveats: project.describe().warnings,
      properties: { project: { title: project.describe().name } },
    });
    this.version = now;
  }
}
