import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { Booster, modelBytes } from './booster.ts';
import type { Dataset } from './dataset.ts';
import { BestRound } from './early-stopping.ts';
import type { EarlyStopping, RoundMetrics } from './early-stopping.ts';
import { LightgbmInputError } from './errors.ts';
import { cString, readNames } from './native/c-strings.ts';
import { NativeHandle } from './native/native-handle.ts';
import type { NativeThread } from './native/native-thread.ts';
import { binningParams, checkParams, paramText } from './params.ts';
import type { LightgbmParams } from './params.ts';

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
  const { rounds, seed, train: data, signal } = options;
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
        // Set 0 of a trainer is the training set; LightGBM numbers the added ones from 1.
        let added = 0;
        const measured: MeasuredSet[] = [];
        for (const [index, [name, dataset]] of valid.entries()) {
          if (dataset !== data) await thread.call('LGBM_BoosterAddValidData', pointer, others[index] ?? 0n);
          measured.push({ name, index: dataset === data ? 0 : ++added });
        }
        const best = await runRounds(thread, pointer, measured, options);
        return Booster.fromTrustedText(await modelBytes(thread, pointer, best));
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

/** Boosts until the rounds, the patience or the splits run out. Returns how many rounds to keep, 0 for all. */
async function runRounds(thread: NativeThread, pointer: bigint, sets: readonly MeasuredSet[], options: TrainOptions): Promise<number> {
  const { rounds, earlyStopping, signal } = options;
  const metrics = sets.length === 0 ? [] : await metricNames(thread, pointer);
  const best = earlyStopping === undefined ? undefined : new BestRound(earlyStopping, sets[0]?.name ?? '', metrics);
  const finished = new Int32Array(1);
  for (let round = 1; round <= rounds; round++) {
    // Answers of the thread may come back without the event loop turning once; signals and timers must get their turn.
    await eventLoopTurn();
    signal?.throwIfAborted();
    await thread.call('LGBM_BoosterUpdateOneIter', pointer, finished);
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
  for (const name of binningParams) {
    const [asked, made] = [params[name], data.binning[name]];
    if (asked !== undefined && made !== undefined && JSON.stringify(asked) !== JSON.stringify(made)) {
      throw new LightgbmInputError(name, `${name} is ${JSON.stringify(asked)} here, but the training set was binned with ${JSON.stringify(made)}`, 'Give Dataset.create and train the same parameters.');
    }
  }
  for (const dataset of [data, ...valid.map(([, each]) => each)]) dataset.handle.assertUsable();
}
