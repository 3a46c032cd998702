import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { Booster, modelBytes } from './booster.ts';
import type { Dataset } from './dataset.ts';
import { BestRound } from './early-stopping.ts';
import type { EarlyStopping, RoundMetrics } from './early-stopping.ts';
import { LightgbmInputError } from './errors.ts';
import { cString, readNames } from './native/c-strings.ts';
import { NativeHandle } from './native/native-handle.ts';
import type { NativeThread } from './native/native-thread.ts';
import { checkParams, paramText } from './params.ts';
import type { BinningParam, LightgbmParams } from './params.ts';

/**
 * First and second derivative of the loss by the raw score, all [outputs, rows]; the arrays are used again every round.
 */
export type Gradients = (scores: Float64Array, gradients: Float32Array, hessians: Float32Array) => void;

/** What is known after a round. */
export interface RoundInfo {
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  /** Empty without validation sets. */
  readonly metrics: RoundMetrics;
  /** Round with the best value of the metric that early stopping follows; null without early stopping. */
  readonly bestRound: number | null;
  readonly bestScore: number | null;
}

export interface TrainOptions {
  readonly params: LightgbmParams;
  readonly train: Dataset;
  /** Sets to measure after every round, made with `reference: train` (or the training set itself). */
  readonly valid?: Readonly<Record<string, Dataset>>;
  /** Most rounds; each adds one tree an output. */
  readonly rounds: number;
  /** Go on from this booster; all datasets must have been made with its `initialScores`. Its trees come first in the result. */
  readonly from?: Booster;
  /** For `objective: 'custom'`: fills in what each round fits. */
  readonly gradients?: Gradients;
  readonly earlyStopping?: EarlyStopping;
  /** Called after every round; the answer 'stop' ends training with what there is. */
  readonly onRound?: (info: RoundInfo) => void | 'stop' | Promise<void | 'stop'>;
  /** Ends training between two rounds; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Makes the result repeatable, and turns `deterministic` and `force_col_wise` on unless `params` say otherwise:
   * the same data, parameters, seed and threads give the same model text. Without a seed LightGBM's own default seeds hold.
   */
  readonly seed?: number;
  /** Threads to use; default all cores. */
  readonly threads?: number;
}

/**
 * Trains a model. After early stopping it holds the rounds up to the best one. The datasets may be disposed of
 * at any time; their memory goes when training no longer needs it.
 * Errors: `LightgbmInputError` before any work, `LightgbmError` from the library, the signal's reason.
 */
export async function train(options: TrainOptions): Promise<Booster> {
  const { rounds, seed, train: data, signal, from } = options;
  const valid = Object.entries(options.valid ?? {});
  checkOptions(options, valid);
  signal?.throwIfAborted();
  const text = paramText(
    { ...data.binning, ...(seed === undefined ? {} : repeatable), ...options.params },
    { verbosity: -1, num_iterations: rounds, seed, num_threads: options.threads, categorical_feature: data.categorical.length > 0 ? data.categorical.join(',') : undefined },
  );
  const sets = [data, ...valid.map(([, dataset]) => dataset)];
  return holdAll(sets, async ([first, ...others], thread) => {
    const out = new BigUint64Array(1);
    await thread.call('LGBM_BoosterCreate', first ?? 0n, cString(text), out);
    const trainer = new NativeHandle(thread, 'trainer', out[0] ?? 0n, 'LGBM_BoosterFree');
    try {
      return await trainer.use(async (pointer) => {
        await from?.handle.use((earlier) => thread.call('LGBM_BoosterMerge', pointer, earlier));
        // Set 0 of a trainer is the training set; LightGBM numbers the added ones from 1.
        let added = 0;
        const measured: MeasuredSet[] = [];
        for (const [index, [name, dataset]] of valid.entries()) {
          if (dataset !== data) await thread.call('LGBM_BoosterAddValidData', pointer, others[index] ?? 0n);
          measured.push({ name, index: dataset === data ? 0 : ++added });
        }
        const best = await runRounds(thread, pointer, measured, options);
        const kept = best === 0 ? 0 : (from?.rounds ?? 0) + best;
        return Booster.fromTrustedText(await modelBytes(thread, pointer, kept));
      });
    } finally {
      trainer.dispose();
    }
  });
}

/** Column-wise histograms add up in the same order whatever the number of threads; row-wise ones do not. */
const repeatable: LightgbmParams = { deterministic: true, force_col_wise: true };

interface MeasuredSet {
  readonly name: string;
  readonly index: number;
}

/** Boosts until the rounds, the patience or the splits run out. Returns how many new rounds to keep, 0 for all. */
async function runRounds(thread: NativeThread, pointer: bigint, sets: readonly MeasuredSet[], options: TrainOptions): Promise<number> {
  const { rounds, earlyStopping, signal } = options;
  const metrics = sets.length === 0 ? [] : await metricNames(thread, pointer);
  const best = earlyStopping === undefined ? undefined : new BestRound(earlyStopping, sets[0]?.name ?? '', metrics);
  const boost = options.gradients === undefined
    ? (done: Int32Array) => thread.call('LGBM_BoosterUpdateOneIter', pointer, done)
    : await customBoost(thread, pointer, options.gradients);
  const finished = new Int32Array(1);
  for (let round = 1; round <= rounds; round++) {
    // Answers of the thread may come back without the event loop turning once; signals and timers must get their turn.
    await eventLoopTurn();
    signal?.throwIfAborted();
    await boost(finished);
    // No leaf could be split: this round added nothing, and neither would any other.
    if (finished[0] === 1) break;
    const measured = await measure(thread, pointer, sets, metrics);
    const exhausted = best?.update(round, measured) ?? false;
    const answer = await options.onRound?.({ round, rounds, metrics: measured, bestRound: best?.round ?? null, bestScore: best?.score ?? null });
    if (exhausted || answer === 'stop') break;
  }
  signal?.throwIfAborted();
  return best?.round ?? 0;
}

/** One round with the caller's own gradients. */
async function customBoost(thread: NativeThread, pointer: bigint, fill: Gradients): Promise<(done: Int32Array) => Promise<void>> {
  const length = new BigInt64Array(1);
  await thread.call('LGBM_BoosterGetNumPredict', pointer, 0, length);
  const scores = new Float64Array(Number(length[0]));
  const gradients = new Float32Array(scores.length);
  const hessians = new Float32Array(scores.length);
  return async (done) => {
    await thread.call('LGBM_BoosterGetPredict', pointer, 0, length, scores);
    fill(scores, gradients, hessians);
    const bad = gradients.findIndex((value, index) => !Number.isFinite(value) || !Number.isFinite(hessians[index]));
    if (bad >= 0) {
      throw new LightgbmInputError('gradients', `gradients must be finite, got ${gradients[bad]} and ${hessians[bad]} at ${bad}`);
    }
    await thread.call('LGBM_BoosterUpdateOneIterCustom', pointer, gradients, hessians, done);
  };
}

async function metricNames(thread: NativeThread, pointer: bigint): Promise<string[]> {
  const count = new Int32Array(1);
  await thread.call('LGBM_BoosterGetEvalCounts', pointer, count);
  return count[0] === 0 ? [] : readNames(thread, 'LGBM_BoosterGetEvalNames', pointer, count[0] ?? 0);
}

async function measure(thread: NativeThread, pointer: bigint, sets: readonly MeasuredSet[], metrics: readonly string[]): Promise<RoundMetrics> {
  const result: Record<string, Record<string, number>> = {};
  if (metrics.length === 0) return result;
  for (const { name, index } of sets) {
    const values = new Float64Array(metrics.length);
    await thread.call('LGBM_BoosterGetEval', pointer, index, new Int32Array(1), values);
    result[name] = Object.fromEntries(metrics.map((metric, position) => [metric, values[position] ?? Number.NaN]));
  }
  return result;
}

/** Runs `work` while none of the datasets can be freed. */
function holdAll<T>(sets: readonly Dataset[], work: (pointers: readonly bigint[], thread: NativeThread) => Promise<T>): Promise<T> {
  const hold = (index: number, pointers: readonly bigint[], thread: NativeThread): Promise<T> => {
    const next = sets[index];
    return next === undefined ? work(pointers, thread) : next.handle.use((pointer) => hold(index + 1, [...pointers, pointer], thread));
  };
  const first = sets[0];
  if (first === undefined) throw new LightgbmInputError('train', 'there is no training set');
  return hold(0, [], first.handle.thread);
}

function checkOptions(options: TrainOptions, valid: readonly (readonly [string, Dataset])[]): void {
  const { rounds, params, train: data, earlyStopping, seed } = options;
  checkParams(params);
  for (const [name, count] of [['rounds', rounds], ['earlyStopping.rounds', earlyStopping?.rounds ?? 1]] as const) {
    if (!Number.isInteger(count) || count < 1 || count >= 2 ** 31) {
      throw new LightgbmInputError(name, `${name} must be a whole number of at least 1, got ${count}`);
    }
  }
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)) {
    throw new LightgbmInputError('seed', `seed must be a whole number from 0 to 2^31 - 1, got ${seed}`);
  }
  if (earlyStopping !== undefined && valid.length === 0) {
    throw new LightgbmInputError('earlyStopping', 'early stopping needs a validation set', "Pass valid: { name: dataset }.");
  }
  if (earlyStopping !== undefined && params.boosting === 'dart') {
    throw new LightgbmInputError('earlyStopping', "boosting 'dart' changes earlier trees, so the best round cannot be kept");
  }
  for (const name of Object.keys(data.binning) as BinningParam[]) {
    const [asked, made] = [params[name], data.binning[name]];
    if (asked !== undefined && JSON.stringify(asked) !== JSON.stringify(made)) {
      throw new LightgbmInputError(name, `${name} is ${JSON.stringify(asked)} here, but the training set was binned with ${JSON.stringify(made)}`, 'Give Dataset.create and train the same parameters.');
    }
  }
  if ((options.gradients !== undefined) !== (params.objective === 'custom')) {
    throw new LightgbmInputError('gradients', "gradients and objective 'custom' belong together, got only one of them");
  }
  options.from?.handle.assertUsable();
  for (const dataset of [data, ...valid.map(([, each]) => each)]) {
    dataset.handle.assertUsable();
    checkInitialScores(dataset, options);
  }
}

function checkInitialScores(dataset: Dataset, { params, from }: TrainOptions): void {
  const outputs = from?.outputs ?? params.num_class ?? 1;
  const expected = outputs * dataset.rows;
  if (from !== undefined && from.columns !== dataset.columns) {
    throw new LightgbmInputError('from', `the booster to go on from has ${from.columns} columns, the data ${dataset.columns}`);
  }
  if (from !== undefined && outputs !== (params.num_class ?? 1)) {
    throw new LightgbmInputError('from', `the booster to go on from has ${outputs} outputs, params.num_class is ${params.num_class ?? 1}`);
  }
  // Without them the new trees would be fitted as if the old ones did not exist.
  if ((from !== undefined && dataset.initialScores === 0) || (dataset.initialScores !== 0 && dataset.initialScores !== expected)) {
    throw new LightgbmInputError('initialScores', `every dataset needs ${outputs} initial scores a row, got ${dataset.initialScores} for ${dataset.rows} rows`, 'Make the datasets with initialScores: await booster.initialScores(matrix).');
  }
}
