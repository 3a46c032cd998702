import { LightgbmInputError } from './errors.ts';

/** Stop when the metric on the first validation set has not improved for `rounds` rounds, and keep the best round. */
export interface EarlyStopping {
  readonly rounds: number;
  /** Name as LightGBM reports it, such as `multi_logloss`. Default its first metric. */
  readonly metric?: string;
}

/** Metrics of which more is better; LightGBM's others are losses. Ranking metrics carry `@k`. */
const higherIsBetter = /^(auc|auc_mu|average_precision|ndcg(@\d+)?|map(@\d+)?)$/;

/** Metric values of one round: validation set name to metric name to value. */
export type RoundMetrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Follows one metric over the rounds. */
export class BestRound {
  readonly #set: string;
  readonly #metric: string;
  readonly #patience: number;
  readonly #sign: 1 | -1;
  round = 0;
  score = Number.NaN;

  /** `metrics`: the names LightGBM reports for every set. Throws {@link LightgbmInputError} when the asked one is not among them. */
  constructor(options: EarlyStopping | undefined, set: string, metrics: readonly string[]) {
    const metric = options?.metric ?? metrics[0];
    if (metric === undefined || !metrics.includes(metric)) {
      throw new LightgbmInputError('earlyStopping.metric', `early stopping needs a metric, one of [${metrics.join(', ')}], got ${metric}`, "Set params.metric, for example 'multi_logloss'.");
    }
    this.#set = set;
    this.#metric = metric;
    this.#patience = options?.rounds ?? Infinity;
    this.#sign = higherIsBetter.test(metric) ? -1 : 1;
  }

  /** Takes in round `round` (from 1); true when it is time to stop. */
  update(round: number, metrics: RoundMetrics): boolean {
    const value = metrics[this.#set]?.[this.#metric] ?? Number.NaN;
    if (this.round === 0 || value * this.#sign < this.score * this.#sign) {
      this.round = round;
      this.score = value;
    }
    return round - this.round >= this.#patience;
  }
}
