import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@primatrix/files';
import { cString, NativeBooster, NativeHandle, predictionRequest } from '@primatrix/boosting';
import type { Matrix, ModelFacts, PredictOptions } from '@primatrix/boosting';
import { errors, LightgbmInputError } from './errors.ts';
import { matrixArguments } from './matrix-arguments.ts';
import { checkModelText } from './model-text.ts';
import { importanceTypes, predictTypes } from './native/c-api.ts';
import type { CFunction } from './native/c-api.ts';
import { nativeThread } from './native/lightgbm-thread.ts';
import type { LightgbmThread } from './native/lightgbm-thread.ts';
import { readNames } from './native/read-names.ts';
import { paramText } from './params.ts';

/** Predictions, row-major in `shape`. Leaf numbers are whole, up to 2^31. */
export interface Prediction {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** A trained model in native memory. Made by `train`, {@link Booster.fromText} or {@link Booster.load}. */
export class Booster extends NativeBooster<CFunction> {
  private constructor(handle: NativeHandle<CFunction>, facts: ModelFacts) {
    super(handle, facts);
  }

  /**
   * Reads LightGBM's text format, also as other LightGBM programs write it.
   * @throws LightgbmModelError when it is cut off or inconsistent: the library itself would crash on some such texts
   */
  static async fromText(text: string | Uint8Array): Promise<Booster> {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    checkModelText(bytes);
    return Booster.fromTrustedText(bytes);
  }

  /** @internal Text that this process's library has just written. */
  static async fromTrustedText(text: Uint8Array): Promise<Booster> {
    const thread = await nativeThread();
    const closed = new Uint8Array(text.length + 1);
    closed.set(text);
    const rounds = new Int32Array(1);
    const out = new BigUint64Array(1);
    await thread.call('LGBM_BoosterLoadModelFromString', closed, rounds, out);
    const handle = new NativeHandle(thread, 'booster', out[0] ?? 0n, 'LGBM_BoosterFree');
    return new Booster(handle, await handle.prepare((pointer) => readFacts(thread, pointer)));
  }

  /**
   * Reads a file that {@link save} or another LightGBM program wrote.
   * @throws LightgbmModelError as {@link fromText}, or the file system's error
   */
  static async load(path: string): Promise<Booster> {
    return Booster.fromText(await readFile(path));
  }

  /**
   * Predicts every row. Shapes: `probability` and `raw` [rows, outputs]; `leaf` [rows, rounds, outputs];
   * `contributions` [rows, outputs, columns + 1], the last of which is the expected value (SHAP values, summing up to `raw`).
   * `probability` is the objective's own scale: for regression the value itself, for `binary` the probability of class 1.
   */
  async predict(matrix: Matrix, options: PredictOptions = {}): Promise<Prediction> {
    const values = matrixArguments(matrix);
    const { type, rounds } = predictionRequest(this, matrix, options, errors);
    const code = predictTypes[type];
    const inner =
      type === 'leaf'
        ? [rounds, this.outputs]
        : type === 'contributions'
          ? [this.outputs, this.columns + 1]
          : [this.outputs];
    const shape = [matrix.rows, ...inner];
    const expected = shape.reduce((product, size) => product * size, 1);
    return this.handle.use(async (pointer, thread) => {
      const length = new BigInt64Array(1);
      await thread.call('LGBM_BoosterCalcNumPredict', pointer, matrix.rows, code, 0, rounds, length);
      if (Number(length[0]) !== expected) {
        throw new RangeError(`LightGBM announces ${length[0]} predictions instead of ${expected}`);
      }
      const data = new Float64Array(expected);
      const text = cString(paramText({}, { verbosity: -1, num_threads: options.threads }));
      await thread.call('LGBM_BoosterPredictForMat', pointer, ...values, code, 0, rounds, text, length, data);
      return { data, shape };
    });
  }

  /**
   * Raw scores in the layout [outputs, rows] that `Dataset.create` takes as `initialScores`: to go on training this
   * booster, give them to the training and validation sets, and the booster to `train` as `from`.
   */
  async initialScores(matrix: Matrix, threads?: number): Promise<Float64Array> {
    const { data } = await this.predict(matrix, { type: 'raw', ...(threads === undefined ? {} : { threads }) });
    const { rows } = matrix;
    const result = new Float64Array(data.length);
    for (let row = 0, index = 0; row < rows; row++) {
      for (let output = 0; output < this.outputs; output++) result[output * rows + row] = data[index++] ?? Number.NaN;
    }
    return result;
  }

  /** One number a column: the total `gain` of the splits on it, or how often it is split on. */
  async featureImportance(type: 'gain' | 'split'): Promise<Float64Array> {
    if (!Object.hasOwn(importanceTypes, type)) {
      throw new LightgbmInputError('type', `type must be 'gain' or 'split', got ${JSON.stringify(type)}`);
    }
    return this.handle.use(async (pointer, thread) => {
      const result = new Float64Array(this.columns);
      await thread.call('LGBM_BoosterFeatureImportance', pointer, 0, importanceTypes[type], result);
      return result;
    });
  }

  /** LightGBM's own text format, byte for byte what {@link fromText} was given if LightGBM 4.1 wrote that. */
  async toText(): Promise<string> {
    return Buffer.from(await this.toBytes()).toString('utf8');
  }

  /** {@link toText} as UTF-8 bytes, for models larger than a JavaScript string can be. */
  async toBytes(): Promise<Uint8Array> {
    return this.handle.use((pointer, thread) => modelBytes(thread, pointer, 0));
  }

  /** Writes the text format; readers see the old file or the whole new one. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, await this.toBytes());
  }
}

/** Room for the text at first; a longer one costs a second call, which writes it all anew. */
const firstTextBytes = 1 << 20;

/** The model's text without its closing zero; `rounds` 0 means all. */
export async function modelBytes(thread: LightgbmThread, pointer: bigint, rounds: number): Promise<Uint8Array> {
  for (let size = firstTextBytes; ;) {
    const room = new Uint8Array(size);
    const length = new BigInt64Array(1);
    await thread.call('LGBM_BoosterSaveModelToString', pointer, 0, rounds, importanceTypes.split, size, length, room);
    const needed = Number(length[0]);
    if (needed <= size) return room.slice(0, needed - 1);
    size = needed;
  }
}

async function readFacts(thread: LightgbmThread, pointer: bigint): Promise<ModelFacts> {
  const number = async (
    call: 'LGBM_BoosterGetNumClasses' | 'LGBM_BoosterGetNumFeature' | 'LGBM_BoosterGetCurrentIteration',
  ): Promise<number> => {
    const out = new Int32Array(1);
    await thread.call(call, pointer, out);
    return out[0] ?? 0;
  };
  const columns = await number('LGBM_BoosterGetNumFeature');
  return {
    outputs: await number('LGBM_BoosterGetNumClasses'),
    columns,
    rounds: await number('LGBM_BoosterGetCurrentIteration'),
    featureNames: await readNames(thread, 'LGBM_BoosterGetFeatureNames', pointer, columns),
  };
}
