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
import { arrayInterface } from './array-interface.ts';
import { errors } from './errors.ts';
import type { CFunction } from './native/c-api.ts';
import { nativeThread } from './native/xgboost-thread.ts';
import type { XgboostThread } from './native/xgboost-thread.ts';

/** Columns of categories are for tree methods `hist` and `approx`. */
export interface DatasetOptions extends LabelledTable {
  /** One a column, unique, without `[ ] <`. Default `f0` and so on. */
  readonly featureNames?: readonly string[];
}

/**
 * A table in native memory (XGBoost's DMatrix, which keeps 8 bytes a value that is not missing). The typed array it was made
 * from is not needed afterwards.
 */
export class Dataset extends NativeDataset<CFunction> {
  private constructor(handle: NativeHandle<CFunction>, facts: TableFacts) {
    super(handle, facts);
  }

  /**
   * Takes in a table.
   * @throws XgboostInputError before any work when counts, labels or names do not fit; XgboostError for what XGBoost
   * refuses, such as infinite values
   */
  static async create(options: DatasetOptions): Promise<Dataset> {
    const { rows, columns } = options;
    const matrix = arrayInterface(options);
    const { labels, weights } = labelsAndWeights(options, errors);
    const names =
      options.featureNames === undefined
        ? Array.from({ length: columns }, (_, column) => `f${column}`)
        : [...options.featureNames];
    checkFeatureNames(names, columns, nameRule, errors);
    const categorical = columnNumbers(options.categorical ?? [], names, errors);
    const thread = await nativeThread();
    const handle = await createDMatrix(thread, matrix, options.threads);
    await handle.prepare(async (pointer) => {
      await thread.call('XGDMatrixSetFloatInfo', pointer, cString('label'), labels, rows);
      if (weights !== undefined) {
        await thread.call('XGDMatrixSetFloatInfo', pointer, cString('weight'), weights, rows);
      }
      await thread.call(
        'XGDMatrixSetStrFeatureInfo',
        pointer,
        cString('feature_name'),
        memoryList(names.map(cString)),
        columns,
      );
      if (categorical.length > 0) {
        const types = memoryList(featureTypes(columns, categorical).map(cString));
        await thread.call('XGDMatrixSetStrFeatureInfo', pointer, cString('feature_type'), types, columns);
      }
    });
    return new Dataset(handle, { rows, columns, featureNames: names, categorical });
  }

  /** Gives the table other labels, one a row, for the trainings that begin afterwards: one table serves many targets. */
  async setLabels(labels: ArrayLike<number>): Promise<void> {
    const values = oneARow('labels', labels, this.rows, -Infinity, errors);
    await this.handle.use((pointer, thread) =>
      thread.call('XGDMatrixSetFloatInfo', pointer, cString('label'), values, this.rows),
    );
  }
}

// The same that XGBoost's own bindings forbid: its text dumps could not be read otherwise.
const nameRule = { forbidden: /[[\]<\0]/, words: 'any of [ ] <' };

/** A bare table for the library's use, without labels. `matrix` as `arrayInterface` gives it. */
export async function createDMatrix(
  thread: XgboostThread,
  matrix: ReturnType<typeof arrayInterface>,
  threads: number | undefined,
): Promise<NativeHandle<CFunction>> {
  const out = new BigUint64Array(1);
  // Missing is NaN, which JSON proper does not know; XGBoost's reader does.
  await thread.call('XGDMatrixCreateFromDense', matrix, cString(`{"missing": NaN, "nthread": ${threads ?? 0}}`), out);
  return new NativeHandle(thread, 'dataset', out[0] ?? 0n, 'XGDMatrixFree');
}

/** XGBoost's word for the kind of each column: categories or quantities. */
export function featureTypes(columns: number, categorical: readonly number[]): string[] {
  return Array.from({ length: columns }, (_, column) => (categorical.includes(column) ? 'c' : 'q'));
}
