import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@primatrix/files';
import { cString, NativeBooster, predictionRequest } from '@primatrix/boosting';
import type { Floats, Matrix, ModelFacts, NativeHandle, PredictOptions } from '@primatrix/boosting';
import { arrayInterface } from './array-interface.ts';
import { createDMatrix } from './dataset.ts';
import { errors, XgboostError, XgboostInputError, XgboostModelError } from './errors.ts';
import { checkModel } from './model-check.ts';
import { createBooster, loadInto, modelBytes } from './native/booster-handle.ts';
import type { ModelFormat } from './native/booster-handle.ts';
import type { CFunction } from './native/c-api.ts';
import { nativeThread } from './native/xgboost-thread.ts';
import type { XgboostThread } from './native/xgboost-thread.ts';
import { predictInPlace, predictSet } from './predict-set.ts';

/** Predictions, row-major in `shape`. */
export type Prediction = Floats;

/** Kinds of {@link Booster.featureImportance}: XGBoost's names for them. */
const importanceTypes = {
  gain: 'total_gain',
  meanGain: 'gain',
  split: 'weight',
  cover: 'total_cover',
  meanCover: 'cover',
} as const;
/** How a column's importance is counted, by LightGBM's names: sums over trees, or means over splits. */
export type ImportanceType = keyof typeof importanceTypes;

/** A trained model in native memory. Made by `train`, {@link Booster.fromBytes} or {@link Booster.load}. */
export class Booster extends NativeBooster<CFunction> {
  private constructor(handle: NativeHandle<CFunction>, facts: ModelFacts) {
    super(handle, facts);
  }

  /**
   * Reads UBJSON or JSON, also as other XGBoost programs write it.
   * @throws XgboostModelError when it is cut off or inconsistent: the library itself would read beyond its memory for some
   * such models
   */
  static async fromBytes(model: Uint8Array): Promise<Booster> {
    checkModel(model);
    try {
      return await Booster.fromTrustedBytes(model);
    } catch (error) {
      if (!(error instanceof XgboostError)) throw error;
      throw new XgboostModelError('whole', String(error.fields['reason']), { cause: error });
    }
  }

  /** {@link fromBytes} for JSON. */
  static async fromText(text: string): Promise<Booster> {
    return Booster.fromBytes(Buffer.from(text, 'utf8'));
  }

  /** @internal Bytes that this process's library has just written. */
  static async fromTrustedBytes(model: Uint8Array): Promise<Booster> {
    const thread = await nativeThread();
    const handle = await createBooster(thread, 'booster', []);
    return handle.prepare(async (pointer) => {
      await loadInto(thread, pointer, model);
      return new Booster(handle, await readFacts(thread, pointer));
    });
  }

  /**
   * Reads a file that {@link save} or another XGBoost program wrote.
   * @throws XgboostModelError as {@link fromBytes}, or the file system's error
   */
  static async load(path: string): Promise<Booster> {
    return Booster.fromBytes(await readFile(path));
  }

  /**
   * Predicts every row. Shapes: `probability` and `raw` [rows, outputs] (read where the matrix lies, without a copy);
   * `leaf` [rows, rounds, outputs, parallel trees]; `contributions` [rows, outputs, columns + 1], the last of which is the expected
   * value (SHAP values, summing up to `raw`). `probability` is the objective's own scale: for regression the value itself, for
   * `binary:logistic` the probability of class 1, for `multi:softmax` [rows, 1], the number of the class.
   */
  async predict(matrix: Matrix, options: PredictOptions = {}): Promise<Prediction> {
    const values = arrayInterface(matrix);
    const { threads } = options;
    const request = { ...predictionRequest(this, matrix, options, errors), training: false };
    return this.handle.use(async (pointer, thread) => {
      await thread.call('XGBoosterSetParam', pointer, cString('nthread'), cString(String(threads ?? 0)));
      if (request.type === 'probability' || request.type === 'raw') {
        return predictInPlace(thread, pointer, values, request);
      }
      const table = await createDMatrix(thread, values, threads);
      return table.useOnce((tablePointer) => predictSet(thread, pointer, tablePointer, request));
    });
  }

  /**
   * One number a column, 0 for a column without splits. `gain` and `cover` are totals over the splits on it, `meanGain` and
   * `meanCover` their means, `split` the number of them ("weight" in XGBoost's words).
   */
  async featureImportance(type: ImportanceType): Promise<Float64Array> {
    if (!Object.hasOwn(importanceTypes, type)) {
      throw new XgboostInputError(
        'type',
        `type must be one of ${Object.keys(importanceTypes).join(', ')}, got ${JSON.stringify(type)}`,
      );
    }
    return this.handle.use(async (pointer, thread) => {
      const [count, names, dimensions, shape, scores] = Array.from({ length: 5 }, () => new BigUint64Array(1)) as [
        BigUint64Array,
        BigUint64Array,
        BigUint64Array,
        BigUint64Array,
        BigUint64Array,
      ];
      const [features, { data }] = await thread.readNamed(
        'XGBoosterFeatureScore',
        [
          pointer,
          cString(JSON.stringify({ importance_type: importanceTypes[type] })),
          count,
          names,
          dimensions,
          shape,
          scores,
        ],
        { kind: 'texts', pointer: names, count },
        { kind: 'floats', pointer: scores, shape, dimensions },
      );
      const result = new Float64Array(this.columns);
      for (const [index, name] of features.entries()) {
        result[this.featureNames.indexOf(name)] = data[index] ?? Number.NaN;
      }
      return result;
    });
  }

  /** The model as JSON, byte for byte what {@link fromText} was given if XGBoost 1.7 wrote that. */
  async toText(): Promise<string> {
    return Buffer.from(await this.toBytes('json')).toString('utf8');
  }

  /** The model in one of XGBoost's formats, by default the binary one. */
  async toBytes(format: ModelFormat = 'ubj'): Promise<Uint8Array> {
    return this.handle.use((pointer, thread) => modelBytes(thread, pointer, format));
  }

  /** Writes a model file, JSON if its name ends in `.json`, else UBJSON; readers see the old file or the whole new one. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, await this.toBytes(path.endsWith('.json') ? 'json' : 'ubj'));
  }
}

async function readFacts(thread: XgboostThread, pointer: bigint): Promise<ModelFacts> {
  const columns = new BigUint64Array(1);
  await thread.call('XGBoosterGetNumFeature', pointer, columns);
  const rounds = new Int32Array(1);
  await thread.call('XGBoosterBoostedRounds', pointer, rounds);
  const [length, text] = [new BigUint64Array(1), new BigUint64Array(1)];
  const configuration = Buffer.from(
    await thread.read('XGBoosterSaveJsonConfig', [pointer, length, text], {
      kind: 'bytes',
      pointer: text,
      count: length,
    }),
  ).toString('utf8');
  const [count, list] = [new BigUint64Array(1), new BigUint64Array(1)];
  const names = await thread.read('XGBoosterGetStrFeatureInfo', [pointer, cString('feature_name'), count, list], {
    kind: 'texts',
    pointer: list,
    count,
  });
  const { num_class: classes } = (
    JSON.parse(configuration) as { learner: { learner_model_param: { num_class: string } } }
  ).learner.learner_model_param;
  return {
    outputs: Math.max(1, Number(classes)),
    columns: Number(columns[0]),
    rounds: rounds[0] ?? 0,
    // Programs that name no features leave the list empty.
    featureNames: names.length > 0 ? names : Array.from({ length: Number(columns[0]) }, (_, column) => `f${column}`),
  };
}
