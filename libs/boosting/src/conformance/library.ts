import type { Matrix } from '../binding/matrix.ts';
import type { LabelledTable } from '../binding/native-dataset.ts';
import type { PredictOptions } from '../binding/prediction-request.ts';
import type { TrainingOptions } from '../binding/training-options.ts';

/** What both libraries' datasets can do, as the suite sees them: a table of [rows, columns] with its labels. */
export interface TestedDataset extends Disposable {
  readonly rows: number;
  readonly columns: number;
  readonly featureNames: readonly string[];
  readonly categorical: readonly number[];
  setLabels(labels: ArrayLike<number>): Promise<void>;
  dispose(): void;
}

/** What both libraries' boosters can do, as the suite sees them. */
export interface TestedBooster extends Disposable {
  readonly rounds: number;
  readonly outputs: number;
  readonly columns: number;
  readonly featureNames: readonly string[];
  predict(
    matrix: Matrix,
    options?: PredictOptions,
  ): Promise<{ readonly data: Float32Array | Float64Array; readonly shape: readonly number[] }>;
  featureImportance(type: 'gain' | 'split'): Promise<Float64Array>;
  toText(): Promise<string>;
  save(path: string): Promise<void>;
  dispose(): void;
}

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * A binding under test, and how it calls what every tree library has.
 * P: parameters; D: dataset; B: booster; S: the array of scores that gradients and metrics of one's own get.
 */
export interface BoostingLibrary<
  P,
  D extends TestedDataset,
  B extends TestedBooster,
  S extends Float32Array | Float64Array,
> {
  /** @param reference the training set, where a validation set must be made like it */
  createDataset(table: LabelledTable, reference?: D): Promise<D>;
  /** A dataset on which training goes on from a booster. */
  continued(table: LabelledTable, from: B): Promise<D>;
  train(options: TrainingOptions<P, D, B, S>): Promise<B>;
  fromText(text: string): Promise<B>;
  load(path: string): Promise<B>;
  readonly errors: {
    readonly input: ErrorClass;
    readonly native: ErrorClass;
    readonly disposed: ErrorClass;
    readonly model: ErrorClass;
  };
  /** `code` of input errors. */
  readonly inputCode: string;
  /** A file name of a model, with its ending. */
  readonly modelFile: string;
  readonly params: {
    /** Three classes, trees of about 15 leaves. */
    readonly classes: P;
    /** Three classes, trees of at most 8 leaves. */
    readonly smallTrees: P;
    /** The classes with another metric: the share of mistakes. */
    readonly mistakes: P;
    /** Rows and columns drawn by chance. */
    readonly random: P;
    /** Two classes with log loss and AUC. */
    readonly binary: P;
    /** One split a tree over sets of categories. */
    readonly categories: P;
    readonly regression: P;
    /** A regression that starts from the same score as `custom`. */
    readonly regressionFromZero: P;
    readonly custom: P;
    /** A negative number where the library demands a positive one, and the name it should tell. */
    readonly negative: P;
    readonly negativeName: string;
    /** Two classes for labels of three. */
    readonly tooFewClasses: P;
  };
  /** Names of metrics. */
  readonly metrics: { readonly logLoss: string; readonly mistakes: string };
  /** Wrong parameters, and what the hint must name, or null. */
  readonly wrongParams: readonly (readonly [what: string, params: P, hint: string | null])[];
  /** Feature names that the library cannot store. */
  readonly badNames: readonly string[];
  /** Highest number of a leaf of `smallTrees`, and the size of a leaf table's row: rounds, outputs, ... */
  readonly mostLeaf: number;
  readonly leafShape: (rows: number, rounds: number, outputs: number) => readonly number[];
  /** Decimals to which probabilities of a row add up to 1, and contributions to the raw score. */
  readonly decimals: { readonly sum: number; readonly contributions: number; readonly fittedLabels: number };
  /** Rounds that fit the mean of equal labels. */
  readonly roundsToFit: number;
  /** Score of an output, from what a metric of one's own gets. */
  score(scores: S, row: number, output: number, rows: number): number;
  /** The trees of a model's text, without what is noted beside them. */
  trees(text: string): string;
}
