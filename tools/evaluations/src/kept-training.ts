import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetPredictions } from '@primatrix/feature-table';
import { digestOf, writeFileAtomic } from '@primatrix/files';
import { z } from 'zod';

const keptSchema = z.record(
  z.string(),
  z.object({
    filenames: z.array(z.string()),
    classes: z.array(z.string()),
    folds: z.array(z.int()),
    probabilities: z.array(z.number()),
  }),
);

/**
 * What a training's members say of the clips that they did not learn from, trained once: an evaluation of many trainings that was
 * interrupted goes on after the last one that was finished. Another program wants another folder.
 * @param about all that the training depends on, as JSON
 */
export async function keptTraining(
  folder: string,
  about: unknown,
  train: () => Promise<ReadonlyMap<string, NetPredictions>>,
): Promise<ReadonlyMap<string, NetPredictions>> {
  const path = join(folder, `${digestOf(about).slice(0, 16)}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const kept = Object.entries(keptSchema.parse(JSON.parse(text)));
    return new Map(
      kept.map(([name, { folds, probabilities, ...own }]) => [
        name,
        { ...own, folds: Int32Array.from(folds), probabilities: Float64Array.from(probabilities) },
      ]),
    );
  }
  const made = await train();
  await mkdir(folder, { recursive: true });
  const rows = [...made].map(([name, { filenames, classes, folds, probabilities }]) => [
    name,
    { filenames, classes, folds: [...(folds ?? [])], probabilities: [...probabilities] },
  ]);
  await writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(rows))}\n`);
  return made;
}
