import { basename, dirname } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { clipName, readOrigins } from '@primatrix/dataset';
import type { InputFile } from './list-inputs.ts';

/**
 * Says of each file at which site it was taken, and when. Without a table each folder that holds clips is a site, as
 * memory cards are copied, one folder a camera; times are then those in the files. A table (`filename`, `site`,
 * `captured_at`, as a dataset's `clips.csv`) goes before both; clips that it lacks have no site. It may name a clip as the
 * result does, or by its base name where only one has it.
 * @throws DatasetError where the table breaks a rule; UsageError `PREDICT_SITES` where it names none of the files
 */
export async function withOrigins(files: readonly InputFile[], table: string | undefined): Promise<InputFile[]> {
  if (table === undefined) return files.map((file) => ({ ...file, site: dirname(file.path) }));
  const { byFilename } = await readOrigins(table);
  const namesakes = new Map<string, number>();
  for (const { filename } of files) namesakes.set(basename(filename), (namesakes.get(basename(filename)) ?? 0) + 1);
  const known = files.map((file) => {
    const name = clipName(file.filename);
    return {
      ...file,
      ...(byFilename.get(name) ??
        (namesakes.get(basename(file.filename)) === 1 ? byFilename.get(basename(name)) : undefined)),
    };
  });
  if (!known.some(({ site, capturedAt }) => site !== undefined || capturedAt !== undefined)) {
    throw new UsageError(
      'PREDICT_SITES',
      `predict: ${table} names none of the ${files.length} clips, for example not ${files[0]?.filename}`,
      { hint: 'its column filename must hold their names, or their paths below the folder given' },
    );
  }
  return known;
}
