import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { writeTextAtomic } from '@primatrix/files';
import { sourceChoiceSchema, type SourceChoice } from '@primatrix/review-api';
import { projectFolder } from '../project/review-project.ts';

const fileOf = (place: string) => join(resolve(place), projectFolder, 'source.json');

/** What predicted when a project was open last; undefined where nothing was chosen yet. @param place folder of the project */
export async function rememberedSource(place: string): Promise<SourceChoice | undefined> {
  const text = await readFile(fileOf(place), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  // Damaged, it is asked for again.
  try {
    return sourceChoiceSchema.safeParse(jsonOf(text)).data;
  } catch {
    return undefined;
  }
}

/** Keeps what predicts a project, for the next time it is opened. */
export async function rememberSource(place: string, choice: SourceChoice): Promise<void> {
  const kept = 'bundle' in choice ? { bundle: resolve(choice.bundle) } : choice;
  await writeTextAtomic(fileOf(place), `${JSON.stringify(kept, null, 2)}\n`);
}
