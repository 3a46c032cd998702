import type { FeatureMatrix, JsonValue, StackFamily, StackModel } from '@primatrix/families';
import type { Device } from '@primatrix/onnx';
import { seedFrom } from '@primatrix/rng';
import { matrixRows } from './second-level-table.ts';

/** One variant of a stacker, and the labelled clips that it is fitted to. */
export interface FoldsToFit {
  readonly family: StackFamily;
  /** The variant's name in the ensemble. */
  readonly member: string;
  readonly settings: JsonValue;
  /** [clips, columns]. */
  readonly matrix: FeatureMatrix;
  /** [clips, classes]. */
  readonly labels: Uint8Array;
  /** [clips] from 1. */
  readonly foldOf: Int32Array;
  readonly folds: number;
  readonly classes: number;
  /** Of the training. */
  readonly seed: number;
  /** That may compute; of families whose models depend on their number only one does, so that models are the same everywhere. */
  readonly threads: number;
  /** What computes nets. */
  readonly device: Device;
  readonly signal: AbortSignal;
  /** @param fraction of the folds, 0 to 1 */
  readonly report?: (fraction: number, note: string) => void;
}

/** A model a fold, and what each says of the clips that it did not see. */
export interface FittedFolds {
  readonly models: StackModel[];
  /** [clips, classes]. */
  readonly outOfFold: Float64Array;
}

/** Fits one model a fold, on the clips of all others. The same clips, settings and seed give the same models. */
export async function fitFolds({
  family,
  member,
  settings,
  matrix,
  labels,
  foldOf,
  folds,
  classes,
  seed,
  threads,
  device,
  signal,
  report,
}: FoldsToFit): Promise<FittedFolds> {
  const outOfFold = new Float64Array(matrix.rows * classes);
  const models: StackModel[] = [];
  try {
    for (let fold = 1; fold <= folds; fold++) {
      signal.throwIfAborted();
      const [train, valid] = [rowsWhere(foldOf, (of) => of !== fold), rowsWhere(foldOf, (of) => of === fold)];
      const validMatrix = matrixRows(matrix, valid);
      const model = await family.fit({
        train: matrixRows(matrix, train),
        labels: labelRows(labels, train, classes),
        valid: validMatrix,
        validLabels: labelRows(labels, valid, classes),
        classes,
        settings,
        seed: seedFrom(seed, member, fold) & 0x7fffffff,
        threads: family.anyThreads === true ? threads : 1,
        device,
        signal,
        onRound: (round, rounds) => report?.((fold - 1 + round / rounds) / folds, `fold ${fold}, round ${round}`),
      });
      models.push(model);
      const predicted = await model.predict(validMatrix);
      valid.forEach((row, i) => outOfFold.set(predicted.subarray(i * classes, (i + 1) * classes), row * classes));
    }
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
  return { models, outOfFold };
}

function rowsWhere(foldOf: Int32Array, wanted: (fold: number) => boolean): number[] {
  return [...foldOf.keys()].filter((row) => wanted(foldOf[row] as number));
}

function labelRows(labels: Uint8Array, rows: readonly number[], classes: number): Uint8Array {
  const taken = new Uint8Array(rows.length * classes);
  rows.forEach((row, i) => taken.set(labels.subarray(row * classes, (row + 1) * classes), i * classes));
  return taken;
}
