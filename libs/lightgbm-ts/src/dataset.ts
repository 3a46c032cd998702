import {
  checkFeatureNames,
  columnNumbers,
  cString,
  labelsAndWeights,
  memoryList,
  NativeDataset,
  NativeHandle,
  oneARow,
} from '@primatrix/boosting';
import type { LabelledTable, TableFacts } from '@primatrix/boosting';
import { errors, LightgbmInputError } from './errors.ts';
import { matrixArguments } from './matrix-arguments.ts';
import { dataTypes } from './native/c-api.ts';
import type { CFunction } from './native/c-api.ts';
import { nativeThread } from './native/lightgbm-thread.ts';
import { binningOf, paramText } from './params.ts';
import type { BinningParams, LightgbmParams } from './params.ts';

/** A table of [rows, columns] with its labels, and how it is binned. */
export interface DatasetOptions extends LabelledTable {
  /** Raw scores that training starts from, [outputs, rows]; see `Booster.initialScores`. */
  readonly initialScores?: Float64Array;
  /** One a column, unique, without white space and without `" , : [ ] { }`. Default `Column_0` and so on. */
  readonly featureNames?: readonly string[];
  /** Take the bins of this dataset. Needed for validation sets: values must fall into the same bins as in training. */
  readonly reference?: Dataset;
  /** Only the binning parameters matter; the same object may be given as to `train`. */
  readonly params?: LightgbmParams;
}

/** A table binned for training, in native memory. The typed array it was made from is not needed afterwards. */
export class Dataset extends NativeDataset<CFunction> {
  /** The binning parameters it was made with; a validation set has its reference's. */
  readonly binning: BinningParams;
  /** Number of initial scores, 0 without. */
  readonly initialScores: number;

  private constructor(
    handle: NativeHandle<CFunction>,
    facts: TableFacts,
    { reference, params, initialScores }: DatasetOptions,
  ) {
    super(handle, facts);
    this.binning = reference?.binning ?? binningOf(params ?? {});
    this.initialScores = initialScores?.length ?? 0;
  }

  /**
   * Bins a table. Columns are never dropped for the sake of `min_data_in_leaf` (`feature_pre_filter` is off unless asked
   * for), so one dataset serves several trainings.
   * @throws LightgbmInputError before any work when counts, labels or names do not fit; LightgbmError for what LightGBM refuses
   */
  static async create(options: DatasetOptions): Promise<Dataset> {
    const matrix = matrixArguments(options);
    const { rows, columns, reference } = options;
    const { labels, weights } = labelsAndWeights(options, errors);
    const scores = options.initialScores;
    if (scores !== undefined && (scores.length === 0 || scores.length % rows !== 0)) {
      throw new LightgbmInputError(
        'initialScores',
        `initialScores must hold a multiple of ${rows} values, got ${scores.length}`,
      );
    }
    reference?.handle.assertUsable();
    if (reference !== undefined && reference.columns !== columns) {
      throw new LightgbmInputError('reference', `the reference has ${reference.columns} columns, the data ${columns}`);
    }
    const names = featureNames(options);
    const categorical = categoricalColumns(options, names);
    const text = paramText(
      { ...options.params, ...binningOf(options.params ?? {}) },
      {
        verbosity: -1,
        num_threads: options.threads,
        categorical_feature: categorical.length > 0 ? categorical.join(',') : undefined,
      },
    );
    const thread = await nativeThread();
    const make = async (referencePointer: bigint | null): Promise<NativeHandle<CFunction>> => {
      const out = new BigUint64Array(1);
      await thread.call('LGBM_DatasetCreateFromMat', ...matrix, cString(text), referencePointer, out);
      return new NativeHandle(thread, 'dataset', out[0] ?? 0n, 'LGBM_DatasetFree');
    };
    const handle = reference === undefined ? await make(null) : await reference.handle.use(make);
    await handle.prepare(async (pointer) => {
      await thread.call('LGBM_DatasetSetField', pointer, cString('label'), labels, rows, dataTypes.float32);
      if (weights !== undefined) {
        await thread.call('LGBM_DatasetSetField', pointer, cString('weight'), weights, rows, dataTypes.float32);
      }
      if (scores !== undefined) {
        await thread.call(
          'LGBM_DatasetSetField',
          pointer,
          cString('init_score'),
          scores,
          scores.length,
          dataTypes.float64,
        );
      }
      await thread.call('LGBM_DatasetSetFeatureNames', pointer, memoryList(names.map(cString)), names.length);
    });
    return new Dataset(handle, { rows, columns, featureNames: names, categorical }, options);
  }

  /** Gives the table other labels, one a row, for the trainings that begin afterwards: the same bins serve many targets. */
  async setLabels(labels: ArrayLike<number>): Promise<void> {
    const values = oneARow('labels', labels, this.rows, -Infinity, errors);
    await this.handle.use((pointer, thread) =>
      thread.call('LGBM_DatasetSetField', pointer, cString('label'), values, this.rows, dataTypes.float32),
    );
  }
}

const nameRule = { forbidden: /[\s",:[\]{}\0]/, words: 'white space or any of " , : [ ] { }' };

function featureNames({ featureNames: names, reference, columns }: DatasetOptions): readonly string[] {
  if (names === undefined) {
    return reference?.featureNames ?? Array.from({ length: columns }, (_, column) => `Column_${column}`);
  }
  checkFeatureNames(names, columns, nameRule, errors);
  return [...names];
}

function categoricalColumns({ categorical, reference }: DatasetOptions, names: readonly string[]): readonly number[] {
  return categorical === undefined ? (reference?.categorical ?? []) : columnNumbers(categorical, names, errors);
}
