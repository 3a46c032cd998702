import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { BestRound } from './early-stopping.ts';
import type { EarlyStopping, RoundMetrics } from './early-stopping.ts';
import type { ErrorMakers } from './errors.ts';

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

/** How many rounds a training has, and what ends it before. */
export interface RoundOptions {
  /** Most rounds; each adds one tree an output. */
  readonly rounds: number;
  readonly earlyStopping?: EarlyStopping;
  /** Called after every round; the answer 'stop' ends training with what there is. */
  readonly onRound?: (info: RoundInfo) => void | 'stop' | Promise<void | 'stop'>;
  /** Ends training between two rounds; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a binding does in a round. */
export interface RoundSteps {
  /** Adds the trees of a round (from 1); false when none could be added, nor will be. */
  readonly boost: (round: number) => Promise<boolean>;
  /** Measures all validation sets after a round. */
  readonly measure: (round: number) => Promise<RoundMetrics>;
  /** The validation set that early stopping follows. */
  readonly followed: string;
  /** The metrics, where they are known before the first round. */
  readonly metrics?: readonly string[];
  readonly higherIsBetter: RegExp;
}

/** Boosts until the rounds, the patience or the splits run out. Returns how many new rounds to keep, 0 for all. */
export async function runRounds(options: RoundOptions, steps: RoundSteps, errors: ErrorMakers): Promise<number> {
  const { rounds, earlyStopping, signal } = options;
  const best =
    earlyStopping === undefined
      ? undefined
      : new BestRound({ stopping: earlyStopping, set: steps.followed, higherIsBetter: steps.higherIsBetter, errors });
  if (steps.metrics !== undefined) best?.choose(steps.metrics);
  for (let round = 1; round <= rounds; round++) {
    // Answers of the thread may come back without the event loop turning once; signals and timers must get their turn.
    await eventLoopTurn();
    signal?.throwIfAborted();
    if (!(await steps.boost(round))) break;
    const metrics = await steps.measure(round);
    const exhausted = best?.update(round, metrics) ?? false;
    const answer = await options.onRound?.({
      round,
      rounds,
      metrics,
      bestRound: best?.round ?? null,
      bestScore: best?.score ?? null,
    });
    if (exhausted || answer === 'stop') break;
  }
  signal?.throwIfAborted();
  return best?.round ?? 0;
}

/**
 * Checks how many rounds there are, and what ends them before.
 * @throws the binding's input error for counts that cannot be, or early stopping with nothing to follow
 */
export function checkRoundOptions(
  { rounds, earlyStopping }: RoundOptions,
  validationSets: number,
  errors: ErrorMakers,
): void {
  for (const [name, count] of [
    ['rounds', rounds],
    ['earlyStopping.rounds', earlyStopping?.rounds ?? 1],
  ] as const) {
    if (!Number.isInteger(count) || count < 1 || count >= 2 ** 31) {
      throw errors.input(name, `${name} must be a whole number of at least 1, got ${count}`);
    }
  }
  if (earlyStopping !== undefined && validationSets === 0) {
    throw errors.input('earlyStopping', 'early stopping needs a validation set', 'Pass valid: { name: dataset }.');
  }
}

/**
 * Checks a seed: whole, from 0 to 2^31 - 1.
 * @throws the binding's input error unless the seed is one that every library takes
 */
export function checkSeed(seed: number | undefined, errors: ErrorMakers): void {
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)) {
    throw errors.input('seed', `seed must be a whole number from 0 to 2^31 - 1, got ${seed}`);
  }
}

/**
 * Checks what a caller's objective filled in, [outputs, rows] each.
 * @throws the binding's input error unless the caller's gradients are finite
 */
export function checkGradients(gradients: Float32Array, hessians: Float32Array, errors: ErrorMakers): void {
  const bad = gradients.findIndex((value, index) => !Number.isFinite(value) || !Number.isFinite(hessians[index]));
  if (bad >= 0) {
    throw errors.input('gradients', `gradients must be finite, got ${gradients[bad]} and ${hessians[bad]} at ${bad}`);
  }
}
