import { UsageError } from '@primatrix/contracts';
import { digestOf, stampOf } from '@primatrix/files';
import type { InputFile, Predictor } from '@primatrix/prediction';
import type { OpenedResults } from '../results/open-results.ts';

/**
 * Says where results are others than those that a bundle learnt from: made by another version, or without columns that its stackers read,
 * which are then missing in all clips.
 * @throws UsageError `FEATURES_BUNDLE` where the bundle learnt from none of their form
 */
export function checkResults(
  { manifest }: Pick<Predictor, 'manifest'>,
  opened: readonly OpenedResults[],
  tell: (sentence: string) => void,
): void {
  for (const { file, family, results } of opened) {
    const part = manifest.features.find(({ family: name }) => name === family.name);
    if (part === undefined) {
      throw new UsageError(
        'FEATURES_BUNDLE',
        `--features: the bundle learnt from no ${family.name}, and cannot use ${file}`,
        {
          hint: 'leave it out, or train with --features',
        },
      );
    }
    const { madeBy } = part.settings as { readonly madeBy?: unknown };
    if (madeBy !== results.madeBy) {
      tell(
        `${file} was made by ${results.madeBy || '?'}, and the bundle learnt from ${String(madeBy) || '?'}: scores may differ`,
      );
    }
    const there = new Set(results.columns.map((column) => `${family.name}/${column}`));
    const read = new Set(manifest.stacks.flatMap(({ columns }) => columns));
    const lacking = [...read].filter((column) => column.startsWith(`${family.name}/`) && !there.has(column));
    if (lacking.length > 0) {
      tell(
        `${file} lacks ${lacking.length} of the columns that the bundle reads, for example ${lacking[0]}: they are missing in all clips`,
      );
    }
  }
}

/** Files whose stamps tell, too, what results say of them: a run that goes on looks again where that is another. */
export async function withResults(files: readonly InputFile[], opened: readonly OpenedResults[]): Promise<InputFile[]> {
  if (opened.length === 0) return [...files];
  return Promise.all(
    files.map(async (file) => {
      const said = opened.map(({ results, rowOf }) => [results.columns, [...(rowOf(file.filename) ?? [])]]);
      return { ...file, stamp: `${file.stamp ?? (await stampOf(file.path))} ${digestOf(said)}` };
    }),
  );
}
