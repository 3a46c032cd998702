import {
  checkEarlier,
  checkGradients,
  checkObjective,
  checkTraining,
  cString,
  NativeHandle,
  runRounds,
  useAll,
} from '@primatrix/boosting';
import type { CustomGradients, CustomMetrics, RoundMetrics, TrainingOptions } from '@primatrix/boosting';
import { Booster, modelBytes } from './booster.ts';
import type { Dataset } from './dataset.ts';
import { errors, LightgbmInputError } from './errors.ts';
import type { LightgbmThread } from './native/lightgbm-thread.ts';
import { readNames } from './native/read-names.ts';
import { checkParams, paramText } from './params.ts';
import type { BinningParam, LightgbmParams } from './params.ts';

/**
 * First and second derivative of the loss by the raw score, all [outputs, rows]; the arrays are used again every round.
 */
export type Gradients = CustomGradients<Float64Array>;

/**
 * The caller's own metrics of one validation set after a round. `predictions` are probabilities (of `binary` and the multiclass
 * objectives) or raw values (`custom`), laid out as in {@link Gradients}: [outputs, rows]; used again every round.
 */
export type Evaluate = CustomMetrics<Float64Array>;

/** What is trained, on what, and how long. */
export interface TrainOptions extends TrainingOptions<LightgbmParams, Dataset, Booster, Float64Array> {
  /** Sets to measure after every round, made with `reference: train` (or the training set itself). */
  readonly valid?: Readonly<Record<string, Dataset>>;
  /** Go on from this booster; all datasets must have been made with its `initialScores`. Its trees come first in the result. */
  readonly from?: Booster;
  /**
   * Makes the result repeatable, and turns `deterministic` and `force_col_wise` on unless `params` say otherwise:
   * the same data, parameters, seed and threads give the same model text. Without a seed LightGBM's own default seeds hold.
   */
  readonly seed?: number;
}

/**
 * Trains a model. After early stopping it holds the rounds up to the best one. The datasets may be disposed of
 * at any time; their memory goes when training no longer needs it.
 * @throws `LightgbmInputError` before any work, `LightgbmError` from the library, the signal's reason
 */
export async function train(options: TrainOptions): Promise<Booster> {
  const { rounds, seed, train: data, signal, from } = options;
  const valid = Object.entries(options.valid ?? {});
  checkOptions(options, valid);
  signal?.throwIfAborted();
  const text = paramText(
    { ...data.binning, ...(seed === undefined ? {} : repeatable), ...options.params },
    {
      verbosity: -1,
      num_iterations: rounds,
      seed,
      num_threads: options.threads,
      categorical_feature: data.categorical.length > 0 ? data.categorical.join(',') : undefined,
    },
  );
  const { thread } = data.handle;
  return useAll(
    [data, ...valid.map(([, dataset]) => dataset)].map(({ handle }) => handle),
    async ([first, ...others]) => {
      const out = new BigUint64Array(1);
      await thread.call('LGBM_BoosterCreate', first ?? 0n, cString(text), out);
      const trainer = new NativeHandle(thread, 'trainer', out[0] ?? 0n, 'LGBM_BoosterFree');
      return trainer.useOnce(async (pointer) => {
        await from?.handle.use((earlier) => thread.call('LGBM_BoosterMerge', pointer, earlier));
        // Set 0 of a trainer is the training set; LightGBM numbers the added ones from 1.
        let added = 0;
        const measured: MeasuredSet[] = [];
        for (const [index, [name, dataset]] of valid.entries()) {
          if (dataset !== data) await thread.call('LGBM_BoosterAddValidData', pointer, others[index] ?? 0n);
          measured.push({ name, index: dataset === data ? 0 : ++added });
        }
        const best = await boostRounds(thread, pointer, measured, options);
        const kept = best === 0 ? 0 : (from?.rounds ?? 0) + best;
        return Booster.fromTrustedText(await modelBytes(thread, pointer, kept));
      });
    },
  );
}

/** Column-wise histograms add up in the same order whatever the number of threads; row-wise ones do not. */
const repeatable: LightgbmParams = { deterministic: true, force_col_wise: true };

interface MeasuredSet {
  readonly name: string;
  readonly index: number;
}

/** Returns how many new rounds to keep, 0 for all. */
async function boostRounds(
  thread: LightgbmThread,
  pointer: bigint,
  sets: readonly MeasuredSet[],
  options: TrainOptions,
): Promise<number> {
  const metrics = sets.length === 0 ? [] : await metricNames(thread, pointer);
  const boost =
    options.gradients === undefined
      ? (done: Int32Array) => thread.call('LGBM_BoosterUpdateOneIter', pointer, done)
      : await customBoost(thread, pointer, options.gradients);
  const finished = new Int32Array(1);
  return runRounds(
    options,
    {
      // "Finished" means that no leaf could be split: this round added nothing, and neither would any other.
      boost: async () => {
        await boost(finished);
        return finished[0] !== 1;
      },
      measure: () => measure(thread, pointer, sets, metrics, options.evaluate),
      followed: sets[0]?.name ?? '',
      // The names of the caller's own are known only when they have been measured.
      ...(options.evaluate === undefined ? { metrics } : {}),
      higherIsBetter,
    },
    errors,
  );
}

/** Metrics of which more is better; LightGBM's others are losses. Ranking metrics carry `@k`. */
const higherIsBetter = /^(auc|auc_mu|average_precision|ndcg(@\d+)?|map(@\d+)?)$/;

/** One round with the caller's own gradients. */
async function customBoost(
  thread: LightgbmThread,
  pointer: bigint,
  fill: Gradients,
): Promise<(done: Int32Array) => Promise<void>> {
  const length = new BigInt64Array(1);
  await thread.call('LGBM_BoosterGetNumPredict', pointer, 0, length);
  const scores = new Float64Array(Number(length[0]));
  const gradients = new Float32Array(scores.length);
  const hessians = new Float32Array(scores.length);
  return async (done) => {
    await thread.call('LGBM_BoosterGetPredict', pointer, 0, length, scores);
    fill(scores, gradients, hessians);
    checkGradients(gradients, hessians, errors);
    await thread.call('LGBM_BoosterUpdateOneIterCustom', pointer, gradients, hessians, done);
  };
}

async function metricNames(thread: LightgbmThread, pointer: bigint): Promise<string[]> {
  const count = new Int32Array(1);
  await thread.call('LGBM_BoosterGetEvalCounts', pointer, count);
  return count[0] === 0 ? [] : readNames(thread, 'LGBM_BoosterGetEvalNames', pointer, count[0] ?? 0);
}

async function measure(
  thread: LightgbmThread,
  pointer: bigint,
  sets: readonly MeasuredSet[],
  metrics: readonly string[],
  evaluate: Evaluate | undefined,
): Promise<RoundMetrics> {
  const result: Record<string, Readonly<Record<string, number>>> = {};
  for (const { name, index } of sets) {
    const values = new Float64Array(metrics.length);
    if (metrics.length > 0) await thread.call('LGBM_BoosterGetEval', pointer, index, new Int32Array(1), values);
    const measured = Object.fromEntries(metrics.map((metric, position) => [metric, values[position] ?? Number.NaN]));
    result[name] =
      evaluate === undefined
        ? measured
        : { ...measured, ...evaluate(await currentPredictions(thread, pointer, index), name) };
  }
  return result;
}

/** What the model so far predicts for set `index`, [outputs, rows]. */
async function currentPredictions(thread: LightgbmThread, pointer: bigint, index: number): Promise<Float64Array> {
  const length = new BigInt64Array(1);
  await thread.call('LGBM_BoosterGetNumPredict', pointer, index, length);
  const predictions = new Float64Array(Number(length[0]));
  await thread.call('LGBM_BoosterGetPredict', pointer, index, length, predictions);
  return predictions;
}

function checkOptions(options: TrainOptions, valid: readonly (readonly [string, Dataset])[]): void {
  const { params, train: data } = options;
  checkParams(params);
  checkTraining(options, ['boosting', params.boosting], errors);
  for (const name of Object.keys(data.binning) as BinningParam[]) {
    const [asked, made] = [params[name], data.binning[name]];
    if (asked !== undefined && JSON.stringify(asked) !== JSON.stringify(made)) {
      throw new LightgbmInputError(
        name,
        `${name} is ${JSON.stringify(asked)} here, but the training set was binned with ${JSON.stringify(made)}`,
        'Give Dataset.create and train the same parameters.',
      );
    }
  }
  checkObjective(options, params.objective, errors);
  options.from?.handle.assertUsable();
  for (const dataset of [data, ...valid.map(([, each]) => each)]) {
    dataset.handle.assertUsable();
    checkInitialScores(dataset, options);
  }
}

function checkInitialScores(dataset: Dataset, { params, from }: TrainOptions): void {
  const outputs = from?.outputs ?? params.num_class ?? 1;
  const expected = outputs * dataset.rows;
  checkEarlier(from, dataset.columns, params.num_class, errors);
  // Without them the new trees would be fitted as if the old ones did not exist.
  if (
    (from !== undefined && dataset.initialScores === 0) ||
    (dataset.initialScores !== 0 && dataset.initialScores !== expected)
  ) {
    throw new LightgbmInputError(
      'initialScores',
      `every dataset needs ${outputs} initial scores a row, got ${dataset.initialScores} for ${dataset.rows} rows`,
      'Make the datasets with initialScores: await booster.initialScores(matrix).',
    );
  }
}
