import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@primatrix/files';
import { listEsc10 } from './esc10-clips.ts';

/**
 * Writes ESC-10 as a dataset folder that `primatrix train` takes. Each fold is a site: with as many folds as there are
 * sites, the training's folds are the authors' own.
 * @returns how many folds to ask for
 */
export async function writeEsc10Dataset(data: string, out: string): Promise<number> {
  const { classes, clips, folds } = await listEsc10(data);
  await mkdir(join(out, 'clips'), { recursive: true });
  for (const clip of clips) await copyFile(clip.path, join(out, 'clips', clip.filename));
  const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
    `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
  const labels = clips.map(({ filename, label }) => [filename, ...classes.map((_, i) => (i === label ? 1 : 0))]);
  await writeFileAtomic(join(out, 'train_labels.csv'), table(['filename', ...classes], labels));
  await writeFileAtomic(
    join(out, 'clips.csv'),
    table(
      ['filename', 'site'],
      clips.map(({ filename, fold }) => [filename, `fold-${fold}`]),
    ),
  );
  return folds.length;
}
