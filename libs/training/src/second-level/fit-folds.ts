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
export async function fitFolds(fitting: FoldsToFit): Promise<FittedFolds> {
  const { matrix, foldOf, folds, classes } = fitting;
  const outOfFold = new Float64Array(matrix.rows * classes);
  const models: StackModel[] = [];
  try {
    for (let fold = 1; fold <= folds; fold++) {
      const { model, predicted } = await fitFold(fitting, fold);
      models.push(model);
      putRows(outOfFold, predicted, foldOf, fold, classes);
    }
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
  return { models, outOfFold };
}

/** Fits the model of one fold. @returns also what it says of the clips that it did not see, in their order [clips of the fold, classes] */
export async function fitFold(
  {
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
  }: FoldsToFit,
  fold: number,
): Promise<{ readonly model: StackModel; readonly predicted: Float64Array }> {
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
  try {
    return { model, predicted: await model.predict(validMatrix) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Puts what was predicted of a fold's clips to their places among all [clips, classes]. */
export function putRows(
  all: Float64Array,
  predicted: Float64Array,
  foldOf: Int32Array,
  fold: number,
  classes: number,
): void {
  rowsWhere(foldOf, (of) => of === fold).forEach((row, i) =>
    all.set(predicted.subarray(i * classes, (i + 1) * classes), row * classes),
  );
}

function rowsWhere(foldOf: Int32Array, wanted: (fold: number) => boolean): number[] {
  return [...foldOf.keys()].filter((row) => wanted(foldOf[row] as number));
}

function labelRows(labels: Uint8Array, rows: readonly number[], classes: number): Uint8Array {
  const taken = new Uint8Array(rows.length * classes);
  rows.forEach((row, i) => taken.set(labels.subarray(row * classes, (row + 1) * classes), i * classes));
  return taken;
}
