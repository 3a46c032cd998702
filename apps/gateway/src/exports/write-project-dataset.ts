import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isInside } from '@primatrix/dataset';
import { makeFolder, writeFileAtomic } from '@primatrix/files';
import type { ProjectTables } from './project-tables.ts';

/**
 * Writes a project as a dataset: its clips stay where they are, and `clips/` has a link to each under its name in the
 * project. The labels come last: with them it is whole.
 */
export async function writeProjectDataset(out: string, { files, clips, labels }: ProjectTables): Promise<void> {
  await makeFolder(out);
  for (const { filename, path } of files) {
    if (!isInside(filename)) continue;
    const link = join(out, 'clips', filename);
    await makeFolder(dirname(link));
    await symlink(path, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  await writeFileAtomic(join(out, 'clips.csv'), clips);
  await writeFileAtomic(join(out, 'train_labels.csv'), labels);
}
