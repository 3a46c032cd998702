import type { CalibrationMethod, EnsembleFamily, EnsembleMember, Weighing } from '@primatrix/families';

/** Out-of-fold predictions of the members, and what came true. */
export interface EnsembleClips {
  readonly members: readonly EnsembleMember[];
  /** [clips, classes]. */
  readonly labels: Uint8Array;
  /** [clips]. */
  readonly folds: Int32Array;
  readonly classes: number;
}

/**
 * Final predictions of clips that had no part in finding the weights and the calibration: for each fold, both are found
 * on the other folds. A score of them is honest, which one on the clips that they were found on is not.
 * @returns [clips, classes]
 */
export function nestedPredictions(
  ensemble: EnsembleFamily,
  clips: EnsembleClips,
  how: { readonly weights: Weighing; readonly calibration: CalibrationMethod },
): Float64Array {
  const { labels, folds, classes } = clips;
  const predictions = new Float64Array(labels.length);
  for (const fold of new Set(folds)) {
    const [inside, outside] = [rowsWhere(folds, (of) => of === fold), rowsWhere(folds, (of) => of !== fold)];
    const known = membersAt(clips, outside);
    const knownLabels = rowsOf(labels, outside, classes);
    const weights = ensemble.weigh(how.weights, known, knownLabels, classes);
    const calibration = ensemble.calibrate(how.calibration, ensemble.combine(known, weights), knownLabels, classes);
    const found = ensemble.combine(membersAt(clips, inside), weights, calibration);
    inside.forEach((row, i) => predictions.set(found.subarray(i * classes, (i + 1) * classes), row * classes));
  }
  return predictions;
}

function rowsWhere(folds: Int32Array, wanted: (fold: number) => boolean): Uint32Array {
  return Uint32Array.from(folds.keys()).filter((row) => wanted(folds[row] as number));
}

function membersAt({ members, classes }: EnsembleClips, rows: Uint32Array): EnsembleMember[] {
  return members.map(({ name, probabilities }) => ({ name, probabilities: rowsOf(probabilities, rows, classes) }));
}

function rowsOf<T extends Float64Array | Uint8Array>(values: T, rows: Uint32Array, width: number): T {
  const taken = new (values.constructor as new (length: number) => T)(rows.length * width);
  // One by one: a view of each row costs more than its values.
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * width;
    for (let c = 0; c < width; c++) taken[i * width + c] = values[from + c] as number;
  }
  return taken;
}
