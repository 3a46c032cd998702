import { UsageError } from '@primatrix/contracts';
import { projectTables, writeProjectDataset } from '@primatrix/gateway';
import type { ImportOptions } from './import-options.ts';
import { count } from '../terminal/format.ts';

/**
 * Makes a dataset of a review project: its clips stay where they are, and `clips/` has a link to each under its name in
 * the project; labels are what people decided.
 * @throws UsageError `IMPORT_PROJECT` for options that say what a project knows itself, or where nothing has been decided
 */
export async function importProject(project: string, { out, json, ...options }: ImportOptions): Promise<void> {
  const [other] = Object.keys(options);
  if (other !== undefined) {
    throw new UsageError(
      'IMPORT_PROJECT',
      `import: a review project knows its clips, sites and species itself, got the option '${other}'`,
      { hint: 'leave the option out' },
    );
  }
  const tables = await projectTables(project);
  const { files, labelled } = tables;
  if (labelled === 0) {
    throw new UsageError('IMPORT_PROJECT', `import: no clip of ${project} has been reviewed`, {
      hint: 'review clips in primatrix serve --ui first',
    });
  }
  await writeProjectDataset(out, tables);
  if (json) console.log(JSON.stringify({ out, clips: files.length, labelled }));
  else {
    console.log(
      `${count(files.length, 'clip')}, ${labelled} labelled\ndataset  ${out}\n\nNext: primatrix train --dataset ${out}`,
    );
  }
}
