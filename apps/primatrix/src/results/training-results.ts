import { UsageError } from '@primatrix/contracts';
import type { Dataset } from '@primatrix/dataset';
import type { FeatureFamily } from '@primatrix/families';
import { leakingColumns } from '@primatrix/feature-table';
import { openResults, type OpenedResults } from './open-results.ts';

/** Fewest clips, and of them with a class and without it, that make equality with its labels more than chance. */
const fewest = { clips: 10, each: 2 };

/**
 * Results of other programs as families of a training. What gives a class away is said before anything is trained: a program that learnt
 * from these very clips knows them by heart, and what its columns are worth here, they are worth nowhere else.
 * @throws UsageError `FEATURES_LABELS` where a column is the labels themselves; as {@link openResults}
 */
export async function trainingResults(
  files: readonly string[],
  dataset: Dataset,
  tell: (sentence: string) => void,
): Promise<FeatureFamily[]> {
  const names = dataset.clips.map(({ filename }) => filename);
  const opened = await openResults(files, names, tell);
  for (const each of opened) judge(each, dataset, tell);
  return opened.map(({ family }) => family);
}

function judge(
  { file, results, rowOf }: OpenedResults,
  { clips, classes }: Dataset,
  tell: (text: string) => void,
): void {
  const known = clips.flatMap(({ filename, labels }) => {
    const row = rowOf(filename);
    return labels === undefined || row === undefined ? [] : [{ filename, labels, row }];
  });
  const columns = results.columns.map((name, i) => ({
    name,
    values: Float64Array.from(known, ({ row }) => row[i] ?? 0),
  }));
  for (const { name, values } of columns) {
    const same = classes.find((_, c) => {
      const shown = known.filter(({ labels }) => labels[c] === 1).length;
      return (
        known.length >= fewest.clips &&
        Math.min(shown, known.length - shown) >= fewest.each &&
        known.every(({ labels }, row) => labels[c] === values[row])
      );
    });
    if (same === undefined) continue;
    throw new UsageError('FEATURES_LABELS', `--features: in ${file} the column ${name} is the labels of ${same}`, {
      hint: 'give what a program said of the clips that did not learn from their labels',
    });
  }
  const labels = Uint8Array.from(known.flatMap((clip) => [...clip.labels]));
  for (const { column, class: told, auc } of leakingColumns(
    { keys: known.map(({ filename }) => filename), columns },
    labels,
    classes,
  )) {
    tell(
      `${file}: ${column} alone tells ${told} (area under the ROC curve ${auc.toFixed(4)} over ${known.length} clips): ` +
        'if the program learnt from these clips, the scores of this training say nothing of others',
    );
  }
}
