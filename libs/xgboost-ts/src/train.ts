import {
  checkEarlier,
  checkGradients,
  checkObjective,
  checkTraining,
  cString,
  memoryList,
  runRounds,
  useAll,
} from '@primatrix/boosting';
import type { CustomGradients, CustomMetrics, RoundMetrics, TrainingOptions } from '@primatrix/boosting';
import { Booster } from './booster.ts';
import { featureTypes } from './dataset.ts';
import type { Dataset } from './dataset.ts';
import { errors, XgboostInputError } from './errors.ts';
import { createBooster, loadInto, modelBytes, slice } from './native/booster-handle.ts';
import type { XgboostThread } from './native/xgboost-thread.ts';
import { predictSet } from './predict-set.ts';
import { libraryParams } from './params.ts';
import type { XgboostParams } from './params.ts';

/** First and second derivative of the loss by the raw score, all [rows, outputs]; the arrays are new every round. */
export type Gradients = CustomGradients<Float32Array>;

/**
 * The caller's own metrics of one validation set after a round. `predictions`, [rows, outputs], are on the objective's own
 * scale, as {@link Booster.predict} gives them.
 */
export type Evaluate = CustomMetrics<Float32Array>;

/** What is trained, on what, and how long. */
export interface TrainOptions extends TrainingOptions<XgboostParams, Dataset, Booster, Float32Array> {
  /**
   * Makes the result repeatable: the same data, parameters, seed and threads give the same model. Turns `seed_per_iteration` on
   * unless `params` say otherwise, so that other trainings of the process do not change the numbers drawn.
   */
  readonly seed?: number;
}

/**
 * Trains a model. After early stopping it holds the rounds up to the best one. The datasets may be disposed of
 * at any time; their memory goes when training no longer needs it.
 * @throws `XgboostInputError` before any work, `XgboostError` from the library, the signal's reason
 */
export async function train(options: TrainOptions): Promise<Booster> {
  const { train: data, signal, from } = options;
  const valid = Object.entries(options.valid ?? {});
  const params = checkOptions(options, valid);
  signal?.throwIfAborted();
  const { thread } = data.handle;
  const sets = [...new Set([data, ...valid.map(([, dataset]) => dataset)])];
  return useAll(
    sets.map(({ handle }) => handle),
    async (pointers) => {
      // Tables that the booster is made with have their predictions kept from round to round.
      const trainer = await createBooster(thread, 'trainer', pointers);
      return trainer.useOnce(async (pointer) => {
        if (from !== undefined) await loadInto(thread, pointer, await from.toBytes());
        for (const [name, value] of params) {
          await thread.call('XGBoosterSetParam', pointer, cString(name), cString(value));
        }
        await nameFeatures(thread, pointer, data);
        const best = await boostRounds(
          thread,
          pointer,
          pointers[0] ?? 0n,
          valid.map(([name, dataset]) => ({ name, pointer: pointers[sets.indexOf(dataset)] ?? 0n })),
          options,
        );
        return Booster.fromTrustedBytes(await keptBytes(thread, pointer, best === 0 ? 0 : (from?.rounds ?? 0) + best));
      });
    },
  );
}

/** Names and kinds of the columns become part of the model file. */
async function nameFeatures(
  thread: XgboostThread,
  pointer: bigint,
  { columns, featureNames, categorical }: Dataset,
): Promise<void> {
  await thread.call(
    'XGBoosterSetStrFeatureInfo',
    pointer,
    cString('feature_name'),
    memoryList(featureNames.map(cString)),
    columns,
  );
  await thread.call(
    'XGBoosterSetStrFeatureInfo',
    pointer,
    cString('feature_type'),
    memoryList(featureTypes(columns, categorical).map(cString)),
    columns,
  );
}

/** The model's bytes with the first `rounds` rounds, 0 for all. */
async function keptBytes(thread: XgboostThread, pointer: bigint, rounds: number): Promise<Uint8Array> {
  if (rounds === 0) return modelBytes(thread, pointer, 'ubj');
  const kept = await slice(thread, pointer, rounds);
  return kept.useOnce((keptPointer) => modelBytes(thread, keptPointer, 'ubj'));
}

interface MeasuredSet {
  readonly name: string;
  readonly pointer: bigint;
}

/** Returns how many new rounds to keep, 0 for all. */
async function boostRounds(
  thread: XgboostThread,
  pointer: bigint,
  table: bigint,
  sets: readonly MeasuredSet[],
  options: TrainOptions,
): Promise<number> {
  const { gradients, seed } = options;
  const done = options.from?.rounds ?? 0;
  return runRounds(
    options,
    {
      boost: async (round) => {
        if (gradients === undefined) await thread.call('XGBoosterUpdateOneIter', pointer, done + round - 1, table);
        else {
          await customRound(
            thread,
            pointer,
            table,
            gradients,
            seed === undefined ? undefined : (seed + done + round) % 2 ** 31,
          );
        }
        return true;
      },
      measure: (round) => measure(thread, pointer, sets, done + round - 1, options.evaluate),
      followed: sets[0]?.name ?? '',
      higherIsBetter,
    },
    errors,
  );
}

/** Metrics of which more is better; XGBoost's others are losses. Ranking metrics carry `@k`, and `-` for lists without hits. */
const higherIsBetter = /^(auc|aucpr|pre|ndcg|map)(@\d+)?-?$/;

/** One round with the caller's own gradients. XGBoost takes each of them for its first round, so the seed must be another every time. */
async function customRound(
  thread: XgboostThread,
  pointer: bigint,
  table: bigint,
  fill: Gradients,
  seed: number | undefined,
): Promise<void> {
  const { data: scores } = await predictSet(thread, pointer, table, { type: 'raw', training: true, rounds: 0 });
  const gradients = new Float32Array(scores.length);
  const hessians = new Float32Array(scores.length);
  fill(scores, gradients, hessians);
  checkGradients(gradients, hessians, errors);
  if (seed !== undefined) await thread.call('XGBoosterSetParam', pointer, cString('seed'), cString(String(seed)));
  await thread.call('XGBoosterBoostOneIter', pointer, table, gradients, hessians, scores.length);
}

async function measure(
  thread: XgboostThread,
  pointer: bigint,
  sets: readonly MeasuredSet[],
  iteration: number,
  evaluate: Evaluate | undefined,
): Promise<RoundMetrics> {
  if (sets.length === 0) return {};
  const tables = BigUint64Array.from(sets, (set) => set.pointer);
  // Numbers instead of the caller's names, which may hold any character.
  const names = memoryList(sets.map((_, index) => cString(String(index))));
  const text = new BigUint64Array(1);
  const line = await thread.read('XGBoosterEvalOneIter', [pointer, iteration, tables, names, sets.length, text], {
    kind: 'text',
    pointer: text,
  });
  const result: Record<string, Readonly<Record<string, number>>> = {};
  for (const [index, { name, pointer: table }] of sets.entries()) {
    const own =
      evaluate === undefined
        ? {}
        : evaluate(
            (await predictSet(thread, pointer, table, { type: 'probability', training: false, rounds: 0 })).data,
            name,
          );
    result[name] = { ...metricsOf(line, index), ...own };
  }
  return result;
}

/** The metrics of set `index` in XGBoost's line, such as "[4]\t0-mlogloss:0.5\t1-mlogloss:0.6". */
function metricsOf(line: string, index: number): Record<string, number> {
  const own = line.split('\t').filter((part) => part.startsWith(`${index}-`));
  return Object.fromEntries(
    own.map((part) => {
      const colon = part.lastIndexOf(':');
      return [part.slice(part.indexOf('-') + 1, colon), numberOf(part.slice(colon + 1))];
    }),
  );
}

/** XGBoost writes `nan` and `inf` as C does. */
function numberOf(text: string): number {
  return /^-?inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

function checkOptions(
  options: TrainOptions,
  valid: readonly (readonly [string, Dataset])[],
): (readonly [string, string])[] {
  const { params, train: data, seed, from, threads } = options;
  const custom = params.objective === 'custom';
  const checked = libraryParams({
    ...(seed === undefined ? {} : { seed_per_iteration: true }),
    // XGBoost's own metric would be that of another objective.
    ...(custom && params.eval_metric === undefined ? { disable_default_eval_metric: true } : {}),
    ...params,
  });
  checkTraining(options, ['booster', params.booster], errors);
  checkObjective(options, params.objective, errors);
  from?.handle.assertUsable();
  checkEarlier(from, data.columns, params.num_class, errors);
  for (const [name, dataset] of [['train', data] as const, ...valid]) {
    dataset.handle.assertUsable();
    if (dataset.columns !== data.columns) {
      throw new XgboostInputError(
        'valid',
        `'${name}' has ${dataset.columns} columns, the training set ${data.columns}`,
      );
    }
  }
  return [
    ['verbosity', '0'],
    ['nthread', String(threads ?? 0)],
    ...(seed === undefined ? [] : [['seed', String(seed)] as const]),
    ...checked,
  ];
}
