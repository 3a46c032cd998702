import type { FeatureMatrix, StackFitInput, StackModel } from '@primatrix/families';
import { columnNames, type TreeTables, type TreeTarget } from '@primatrix/tree-stack';
import { Booster, Dataset, train } from '@primatrix/xgboost-ts';
import type { XgboostSettings } from './settings.ts';

/** Takes in the training and the validation table once for all targets. */
export async function openTables(input: StackFitInput, settings: XgboostSettings): Promise<TreeTables> {
  const data = await datasetOf(input.train);
  try {
    return new XgboostTables(input, settings, data, await datasetOf(input.valid));
  } catch (error) {
    data.dispose();
    throw error;
  }
}

export async function loadXgboost(text: string): Promise<StackModel> {
  return new XgboostStack(await Booster.fromText(text));
}

function datasetOf(matrix: FeatureMatrix): Promise<Dataset> {
  return Dataset.create({
    ...tableOf(matrix),
    labels: new Float32Array(matrix.rows),
    featureNames: columnNames(matrix.columns),
  });
}

function tableOf({ data, rows, columns }: FeatureMatrix) {
  return { data, rows, columns: columns.length, layout: 'row' } as const;
}

class XgboostTables implements TreeTables {
  readonly #input: StackFitInput;
  readonly #settings: XgboostSettings;
  readonly #data: Dataset;
  readonly #valid: Dataset;

  constructor(input: StackFitInput, settings: XgboostSettings, data: Dataset, valid: Dataset) {
    this.#input = input;
    this.#settings = settings;
    this.#data = data;
    this.#valid = valid;
  }

  async fit({ kind, labels, validLabels, onRound }: TreeTarget): Promise<StackModel> {
    await this.#data.setLabels(labels);
    await this.#valid.setLabels(validLabels);
    const { classes, seed, threads, signal } = this.#input;
    const { rounds, patience, params } = this.#settings;
    const target = kind === 'classes'
      ? ({ objective: 'multi:softprob', num_class: classes, eval_metric: 'mlogloss' } as const)
      : ({ objective: 'binary:logistic', eval_metric: 'logloss' } as const);
    const booster = await train({
      params: { ...params, ...target },
      train: this.#data,
      valid: { valid: this.#valid },
      rounds,
      earlyStopping: { rounds: patience },
      seed,
      threads,
      onRound: (info) => onRound(info.round, info.rounds),
      ...(signal === undefined ? {} : { signal }),
    });
    return new XgboostStack(booster);
  }

  dispose(): void {
    this.#data.dispose();
    this.#valid.dispose();
  }
}

class XgboostStack implements StackModel {
  readonly #booster: Booster;

  constructor(booster: Booster) {
    this.#booster = booster;
  }

  toText(): Promise<string> {
    return this.#booster.toText();
  }

  async predict(matrix: FeatureMatrix): Promise<Float64Array> {
    const { data } = await this.#booster.predict(tableOf(matrix), { threads: 1 });
    return Float64Array.from(data);
  }

  importance(): Promise<Float64Array> {
    return this.#booster.featureImportance('gain');
  }

  dispose(): void {
    this.#booster.dispose();
  }
}
