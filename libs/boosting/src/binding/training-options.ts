import type { ErrorMakers } from './errors.ts';
import type { ModelFacts } from './native-booster.ts';
import { checkRoundOptions, checkSeed } from './rounds.ts';
import type { RoundOptions } from './rounds.ts';

/** First and second derivative of the loss by the raw score, laid out as the library lays out scores. */
export type CustomGradients<S extends Float32Array | Float64Array> = (
  scores: S,
  gradients: Float32Array,
  hessians: Float32Array,
) => void;

/** The caller's own metrics of one validation set after a round, by name. */
export type CustomMetrics<S extends Float32Array | Float64Array> = (
  predictions: S,
  set: string,
) => Readonly<Record<string, number>>;

/**
 * What a binding's `train` takes.
 * P: the library's parameters; D: dataset; B: booster; S: the array of scores that gradients and metrics of one's own get.
 */
export interface TrainingOptions<P, D, B, S extends Float32Array | Float64Array> extends RoundOptions {
  readonly params: P;
  readonly train: D;
  /** Sets to measure after every round (the training set itself may be among them). */
  readonly valid?: Readonly<Record<string, D>>;
  /** Go on from this booster: its trees come first in the result. */
  readonly from?: B;
  /** For `objective: 'custom'`: fills in what each round fits. */
  readonly gradients?: CustomGradients<S>;
  /** Metrics of your own, measured with the library's; early stopping may follow one by its name. */
  readonly evaluate?: CustomMetrics<S>;
  /** Makes the result repeatable: the same data, parameters, seed and threads give the same model. */
  readonly seed?: number;
  /** Threads to use; default all cores. */
  readonly threads?: number;
}

/** The parts of {@link TrainingOptions} that are checked alike for all libraries. */
type CheckedOptions = RoundOptions & { readonly valid?: object; readonly seed?: number; readonly gradients?: unknown };

/**
 * Checks counts of rounds, the seed, and that early stopping can be done.
 * @param method name and value of the parameter that says how trees are added
 * @throws the binding's input error for the first that cannot be
 */
export function checkTraining(
  options: CheckedOptions,
  [name, method]: readonly [name: string, method: string | undefined],
  errors: ErrorMakers,
): void {
  checkRoundOptions(options, Object.keys(options.valid ?? {}).length, errors);
  checkSeed(options.seed, errors);
  if (options.earlyStopping !== undefined && method === 'dart') {
    throw errors.input('earlyStopping', `${name} 'dart' changes earlier trees, so the best round cannot be kept`);
  }
}

/**
 * Checks that gradients come with the objective that takes them, and the other way round.
 * @throws the binding's input error where one is without the other
 */
export function checkObjective(
  { gradients }: CheckedOptions,
  objective: string | undefined,
  errors: ErrorMakers,
): void {
  if ((gradients !== undefined) !== (objective === 'custom')) {
    throw errors.input('gradients', "gradients and objective 'custom' belong together, got only one of them");
  }
}

/**
 * Checks that training can go on from a booster with data of so many columns and classes.
 * @throws the binding's input error where it cannot
 */
export function checkEarlier(
  from: ModelFacts | undefined,
  columns: number,
  classes: number | undefined,
  errors: ErrorMakers,
): void {
  if (from === undefined) return;
  if (from.columns !== columns) {
    throw errors.input('from', `the booster to go on from has ${from.columns} columns, the data ${columns}`);
  }
  if (from.outputs !== (classes ?? 1)) {
    throw errors.input(
      'from',
      `the booster to go on from has ${from.outputs} outputs, params.num_class is ${classes ?? 1}`,
    );
  }
}
