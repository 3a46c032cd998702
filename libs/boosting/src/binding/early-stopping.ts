import type { ErrorMakers } from './errors.ts';

/** Stop when the metric on the first validation set has not improved for `rounds` rounds, and keep the best round. */
export interface EarlyStopping {
  readonly rounds: number;
  /** Name as the library or `evaluate` reports it. Default the library's first metric. */
  readonly metric?: string;
  /** Whether more is better. Default: known for the library's metrics, false for those of `evaluate`. */
  readonly maximise?: boolean;
}

/** Metric values of one round: validation set name to metric name to value. */
export type RoundMetrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface BestRoundOptions {
  readonly stopping: EarlyStopping;
  /** The set whose metric is followed. */
  readonly set: string;
  /** Matches the library's metrics of which more is better. */
  readonly higherIsBetter: RegExp;
  readonly errors: ErrorMakers;
}

/** Follows one metric over the rounds. */
export class BestRound {
  readonly #options: BestRoundOptions;
  #metric: string | undefined;
  #sign: 1 | -1 = 1;
  round = 0;
  score = Number.NaN;

  constructor(options: BestRoundOptions) {
    this.#options = options;
  }

  /** Chooses among the metrics that are measured; throws the binding's input error when the asked one is not among them. */
  choose(metrics: readonly string[]): void {
    const { stopping, higherIsBetter, errors } = this.#options;
    const metric = stopping.metric ?? metrics[0];
    if (metric === undefined || !metrics.includes(metric)) {
      throw errors.input(
        'earlyStopping.metric',
        `early stopping needs a metric, one of [${metrics.join(', ')}], got ${metric}`,
        "Set the library's metric parameter, or return it from evaluate.",
      );
    }
    this.#metric = metric;
    this.#sign = (stopping.maximise ?? higherIsBetter.test(metric)) ? -1 : 1;
  }

  /** Takes in round `round` (from 1); true when it is time to stop. */
  update(round: number, metrics: RoundMetrics): boolean {
    const values = metrics[this.#options.set] ?? {};
    if (this.#metric === undefined) this.choose(Object.keys(values));
    const value = values[this.#metric ?? ''] ?? Number.NaN;
    if (this.round === 0 || Number.isNaN(this.score) || value * this.#sign < this.score * this.#sign) {
      this.round = round;
      this.score = value;
    }
    return round - this.round >= this.#options.stopping.rounds;
  }
}
