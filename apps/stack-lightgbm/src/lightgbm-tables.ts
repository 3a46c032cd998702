import type { FeatureMatrix, StackFitInput, StackModel } from '@primatrix/families';
import { Booster, Dataset, train, type LightgbmParams } from '@primatrix/lightgbm-ts';
import { columnNames, type TreeTables, type TreeTarget } from '@primatrix/tree-stack';
import type { LightgbmSettings } from './settings.ts';

/** Bins the training and the validation table once for all targets. */
export async function openTables(input: StackFitInput, settings: LightgbmSettings): Promise<TreeTables> {
  const data = await datasetOf(input.train, settings.params);
  try {
    return new LightgbmTables(input, settings, data, await datasetOf(input.valid, settings.params, data));
  } catch (error) {
    data.dispose();
    throw error;
  }
}

export async function loadLightgbm(text: string): Promise<StackModel> {
  return new LightgbmStack(await Booster.fromText(text));
}

function datasetOf(matrix: FeatureMatrix, params: LightgbmParams, reference?: Dataset): Promise<Dataset> {
  return Dataset.create({
    ...tableOf(matrix),
    labels: new Float32Array(matrix.rows),
    featureNames: columnNames(matrix.columns),
    params,
    ...(reference === undefined ? {} : { reference }),
  });
}

function tableOf({ data, rows, columns }: FeatureMatrix) {
  return { data, rows, columns: columns.length, layout: 'row' } as const;
}

class LightgbmTables implements TreeTables {
  readonly #input: StackFitInput;
  readonly #settings: LightgbmSettings;
  readonly #data: Dataset;
  readonly #valid: Dataset;

  constructor(input: StackFitInput, settings: LightgbmSettings, data: Dataset, valid: Dataset) {
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
      ? ({ objective: 'multiclass', num_class: classes, metric: 'multi_logloss' } as const)
      : ({ objective: 'binary', metric: 'binary_logloss' } as const);
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
    return new LightgbmStack(booster);
  }

  dispose(): void {
    this.#data.dispose();
    this.#valid.dispose();
  }
}

class LightgbmStack implements StackModel {
  readonly #booster: Booster;

  constructor(booster: Booster) {
    this.#booster = booster;
  }

  toText(): Promise<string> {
    return this.#booster.toText();
  }

  async predict(matrix: FeatureMatrix): Promise<Float64Array> {
    const { data } = await this.#booster.predict(tableOf(matrix), { threads: 1 });
    return data;
  }

  importance(): Promise<Float64Array> {
    return this.#booster.featureImportance('gain');
  }

  dispose(): void {
    this.#booster.dispose();
  }
}
