import { DatasetError, makeFolds, type Dataset } from '@primatrix/dataset';

/**
 * Refuses what hours of work would come to nothing with: labelled clips of one class, or fewer clips or sites than
 * folds. Clips that turn out to be unreadable are not known yet.
 * @throws DatasetError DATASET_ONE_CLASS, FOLDS_TOO_MANY, FOLDS_SETTINGS
 */
export function requireTrainable(
  { classes, clips }: Pick<Dataset, 'classes' | 'clips'>,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): void {
  const labelled = clips.flatMap(({ labels, bytes, ...clip }) =>
    labels === undefined || bytes === null ? [] : [{ ...clip, labels }],
  );
  const shown = classes.filter((_, c) => labelled.some(({ labels }) => labels[c] === 1));
  if (shown.length < 2) {
    throw new DatasetError(
      'DATASET_ONE_CLASS',
      `there must be clips of at least two classes, got ${shown[0] === undefined ? 'no labelled clip' : `only ${shown[0]}`}`,
      undefined,
      shown[0] === undefined
        ? 'None of the labelled clips is there: check the clips folder and the names in train_labels.csv.'
        : 'Label clips of another class too, for example "blank": there is nothing to tell apart.',
      { fields: { classes: shown.length } },
    );
  }
  makeFolds(labelled, { classes, folds, seed });
}
