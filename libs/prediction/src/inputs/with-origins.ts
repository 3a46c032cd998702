import { dirname } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { describeJoin, joinTable, namesNone, readOrigins } from '@primatrix/dataset';
import type { InputFile } from './list-inputs.ts';

/**
 * Says of each file at which site it was taken, and when. Without a table each folder that holds clips is a site, as
 * memory cards are copied, one folder a camera; times are then those in the files. A table (`filename`, `site`,
 * `captured_at`, as a dataset's `clips.csv`) goes before both; clips that it lacks have no site. It may name a clip as the
 * result does, or by its base name where only one has it.
 * @param say is told what of files and table does not belong together: sentences for people
 * @throws DatasetError where the table breaks a rule; UsageError `PREDICT_SITES` where it names none of the files
 */
export async function withOrigins(
  files: readonly InputFile[],
  table: string | undefined,
  say?: (sentence: string) => void,
): Promise<InputFile[]> {
  if (table === undefined) return files.map((file) => ({ ...file, site: dirname(file.path) }));
  const { byFilename } = await readOrigins(table);
  const join = joinTable(
    files.map(({ filename }) => filename),
    byFilename,
  );
  const fault = namesNone(join, table);
  if (fault !== undefined) throw new UsageError('PREDICT_SITES', `predict: ${fault.rule}`, { hint: fault.hint });
  if (say !== undefined) describeJoin(join, table).forEach(say);
  return files.map((file, i) => ({ ...file, ...join.rows[i] }));
}
