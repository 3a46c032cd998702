import type { FeatureMatrix, StackFitInput, StackModel } from '@primatrix/families';
import { columnNames } from './column-names.ts';
import type { OpenTables, TreeTables, TreeTarget } from './tree-tables.ts';

/** A feature table as both bindings take it; NaN is missing. */
export interface BoosterTable {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly layout: 'row';
}

/** A table in a library's memory. */
export interface BoosterDataset {
  setLabels(labels: Int32Array): Promise<void>;
  dispose(): void;
}

/** A trained model in a library's memory. */
export interface TrainedBooster {
  toText(): Promise<string>;
  predict(
    table: BoosterTable,
    options: { readonly threads: number },
  ): Promise<{ readonly data: Float32Array | Float64Array }>;
  featureImportance(kind: 'gain'): Promise<Float64Array>;
  dispose(): void;
}

/** One training: as many rounds as help on the validation table, `patience` more at most. */
export interface BoosterTraining<D> {
  readonly kind: TreeTarget['kind'];
  readonly classes: number;
  readonly train: D;
  readonly valid: { readonly valid: D };
  readonly rounds: number;
  readonly earlyStopping: { readonly rounds: number };
  readonly seed: number;
  readonly threads: number;
  readonly onRound: (info: { readonly round: number; readonly rounds: number }) => void;
  readonly signal?: AbortSignal;
}

/** What the stackers differ in: the library that is called. */
export interface BoosterLibrary<D extends BoosterDataset> {
  /** @param reference the training table, where the table is the validation's */
  dataset(
    table: BoosterTable & { readonly labels: Float32Array; readonly featureNames: readonly string[] },
    reference?: D,
  ): Promise<D>;
  train(training: BoosterTraining<D>): Promise<TrainedBooster>;
}

/** Takes both tables into a library's memory once, for all targets that are trained on them. */
export function openBoosterTables<D extends BoosterDataset>(
  library: BoosterLibrary<D>,
  settings: { readonly rounds: number; readonly patience: number },
): OpenTables {
  return async (input) => {
    const data = await library.dataset(labelledLater(input.train));
    try {
      return new BoosterTables(library, settings, input, data, await library.dataset(labelledLater(input.valid), data));
    } catch (error) {
      data.dispose();
      throw error;
    }
  };
}

/** Labels come with each target. */
function labelledLater(matrix: FeatureMatrix): Parameters<BoosterLibrary<BoosterDataset>['dataset']>[0] {
  return { ...tableOf(matrix), labels: new Float32Array(matrix.rows), featureNames: columnNames(matrix.columns) };
}

function tableOf({ data, rows, columns }: FeatureMatrix): BoosterTable {
  return { data, rows, columns: columns.length, layout: 'row' };
}

class BoosterTables<D extends BoosterDataset> implements TreeTables {
  readonly #library: BoosterLibrary<D>;
  readonly #settings: { readonly rounds: number; readonly patience: number };
  readonly #input: StackFitInput;
  readonly #data: D;
  readonly #valid: D;

  constructor(
    library: BoosterLibrary<D>,
    settings: { readonly rounds: number; readonly patience: number },
    input: StackFitInput,
    data: D,
    valid: D,
  ) {
    this.#library = library;
    this.#settings = settings;
    this.#input = input;
    this.#data = data;
    this.#valid = valid;
  }

  async fit({ kind, labels, validLabels, onRound }: TreeTarget): Promise<StackModel> {
    await this.#data.setLabels(labels);
    await this.#valid.setLabels(validLabels);
    const { classes, seed, threads, signal } = this.#input;
    return boosterModel(
      await this.#library.train({
        kind,
        classes,
        train: this.#data,
        valid: { valid: this.#valid },
        rounds: this.#settings.rounds,
        earlyStopping: { rounds: this.#settings.patience },
        seed,
        threads,
        onRound: (info) => onRound(info.round, info.rounds),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  }

  dispose(): void {
    this.#data.dispose();
    this.#valid.dispose();
  }
}

/** A booster as a stacker's model; disposing of one disposes of the other. */
export function boosterModel(booster: TrainedBooster): StackModel {
  return {
    toText: () => booster.toText(),
    predict: async (matrix) => Float64Array.from((await booster.predict(tableOf(matrix), { threads: 1 })).data),
    importance: () => booster.featureImportance('gain'),
    dispose: () => booster.dispose(),
  };
}
