import { createRequire } from 'node:module';
import { Booster, Dataset, train } from '@primatrix/lightgbm-ts';
import type { FeatureMatrix, StackFamily, StackFitInput, StackModel } from '@primatrix/families';
import { lightgbmSettingsSchema, settings, type LightgbmSettings } from './settings.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * LightGBM (multiclass) over the table of all first-level outputs. As in the original, a clip of several
 * classes counts as its last one; probabilities of a clip add to 1.
 */
export const family: StackFamily = {
  kind: 'stack',
  name: 'stack-lightgbm',
  version,
  summary: 'gradient-boosted trees over the feature table',
  variants: settings as unknown as StackFamily['variants'],
  fit,
  load: async (text) => new LightgbmStack(await Booster.fromText(text)),
};

async function fit(input: StackFitInput): Promise<StackModel> {
  const { rounds, patience, params } = lightgbmSettingsSchema.parse(input.settings) as LightgbmSettings;
  const allParams = { ...params, objective: 'multiclass', num_class: input.classes, metric: 'multi_logloss' } as const;
  const datasetOf = (matrix: FeatureMatrix, labels: Uint8Array, reference?: Dataset) =>
    Dataset.create({
      data: matrix.data,
      rows: matrix.rows,
      columns: matrix.columns.length,
      layout: 'row',
      labels: lastPositiveClass(labels, input.classes),
      featureNames: columnNames(matrix.columns),
      params: allParams,
      ...(reference === undefined ? {} : { reference }),
    });
  using data = await datasetOf(input.train, input.labels);
  using valid = await datasetOf(input.valid, input.validLabels, data);
  const booster = await train({
    params: allParams,
    train: data,
    valid: { valid },
    rounds,
    earlyStopping: { rounds: patience },
    seed: input.seed,
    threads: input.threads,
    onRound: (info) => input.onRound?.(info.round, info.rounds),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  return new LightgbmStack(booster);
}

/** The class number of each row: its last positive one, 0 where a row has none. */
export function lastPositiveClass(labels: Uint8Array, classes: number): Int32Array {
  return Int32Array.from({ length: labels.length / classes }, (_, row) => Math.max(0, labels.subarray(row * classes, (row + 1) * classes).lastIndexOf(1)));
}

/** Names as LightGBM's text format allows them: no white space or punctuation, each once. */
function columnNames(columns: readonly string[]): string[] {
  return columns.map((name, column) => `${column}_${name.replaceAll(/[^\w.-]+/g, '_')}`);
}

class LightgbmStack implements StackModel {
  private readonly booster: Booster;

  constructor(booster: Booster) {
    this.booster = booster;
  }

  toText(): Promise<string> {
    return this.booster.toText();
  }

  async predict(matrix: FeatureMatrix): Promise<Float64Array> {
    const { data } = await this.booster.predict({ data: matrix.data, rows: matrix.rows, columns: matrix.columns.length, layout: 'row' }, { threads: 1 });
    return data;
  }

  importance(): Promise<Float64Array> {
    return this.booster.featureImportance('gain');
  }

  dispose(): void {
    this.booster.dispose();
  }
}
