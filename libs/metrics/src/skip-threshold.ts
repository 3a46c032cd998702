import { binomialUpperBound } from './binomial-bound.ts';
import { resamples, rowGroups, spread, weighted, type BootstrapOptions } from './bootstrap.ts';
import { checkedRows, MetricsError, type ScoredPredictions } from './predictions.ts';

/** With which confidence a careful threshold keeps its promise. */
export const skipConfidence = 0.95;

/** What is asked for. */
export interface SkipTarget extends BootstrapOptions {
  /** Share of the animals' clips that may be lost, 0 to below 1. */
  readonly lose: number;
  /** The class of clips without anything. Default `blank`. */
  readonly blank?: string;
  /** Classes that are neither blank nor animals. Their clips count as no animal's, but `perClass` tells of them. Default `human`, where there is such a class. */
  readonly people?: readonly string[];
}

/** What is lost of some clips. */
export interface Lost {
  /** Clips that count. */
  readonly clips: number;
  readonly lost: number;
  /** lost / clips; 0 where there are none. */
  readonly share: number;
  /** The true share lies below it with {@link skipConfidence}. */
  readonly upperBound: number;
}

/** A threshold on the probability of `blank`, and what comes of it. */
export interface SkipThreshold {
  /** Clips whose probability of `blank` is this or more are skipped; null: none is. */
  readonly threshold: number | null;
  /** Share of all clips that is skipped; the error is by bootstrap, null where there are fewer than two groups. */
  readonly skipped: { readonly clips: number; readonly share: number; readonly standardError: number | null };
  /** Clips of animals that are skipped, and are so lost. */
  readonly animals: Lost & { readonly standardError: number | null };
  /** The same for every class but `blank`, by name; bounds by the binomial distribution alone. */
  readonly perClass: Readonly<Record<string, Lost>>;
}

/** The answer to "lose at most so many animals". */
export interface SkipAnswer {
  readonly lose: number;
  readonly blank: string;
  /** Those of the classes asked for that there are. */
  readonly people: readonly string[];
  readonly clips: number;
  readonly animals: number;
  /** Groups that were drawn: sites, or clips. */
  readonly groups: number;
  /** The lowest threshold that loses no more than asked *of these clips*: of others it loses more about half the time. */
  readonly plain: SkipThreshold;
  /** The lowest threshold whose upper bound of the loss is within what was asked; null threshold where there are too few animals to be so sure of any. */
  readonly careful: SkipThreshold;
}

/**
 * The lowest thresholds on the probability of `blank` at which skipping loses no more of the animals' clips than asked.
 * A clip of several classes is an animal's when one of them is an animal.
 *
 * The careful threshold bounds the loss from above: by bootstrap over groups, so that clips of one site count as one
 * piece of evidence, and by the exact binomial bound, because a bootstrap that lost nothing claims to be sure; the worse
 * holds. As the loss only grows when the threshold falls, the lowest threshold whose bound is within the target keeps it
 * with the confidence (Bates et al., 2021, "Distribution-free, risk-controlling prediction sets").
 * @throws MetricsError for arrays that cannot be scored, an unknown class, a target out of range, or no clip of an animal
 */
export function skipThreshold(scored: ScoredPredictions, target: SkipTarget): SkipAnswer {
  const clips = clipsOf(scored, target);
  const { lose } = target;
  const limits = bootstrapLimits(clips, target);
  const within = (allowed: number) => clips.blankOf[clips.highestFirst[allowed] as number] as number;
  const animals = clips.highestFirst.length;
  const sure = mostLost(animals, lose);
  const careful =
    sure === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(within(sure), limits[Math.ceil(skipConfidence * limits.length) - 1] ?? 0);
  // The tolerance is for products such as 0.07 * 100, which a double puts below 7.
  const [plainAt, carefulAt] = [within(Math.floor(lose * animals + 1e-9)), careful].map((limit) =>
    lowestAbove(clips.blankOf, limit),
  ) as [number | null, number | null];
  return {
    lose,
    blank: clips.blank,
    people: clips.people,
    clips: clips.blankOf.length,
    animals,
    groups: clips.groups,
    plain: describeThreshold(scored, clips, plainAt, target),
    careful: describeThreshold(scored, clips, carefulAt, target),
  };
}

interface SkipClips {
  readonly blank: string;
  readonly people: readonly string[];
  /** [rows] probability of `blank`. */
  readonly blankOf: Float64Array;
  /** [rows] 1 where the clip shows an animal. */
  readonly animal: Uint8Array;
  /** Rows of animals, the highest probability of `blank` first: the order in which they are lost. */
  readonly highestFirst: Uint32Array;
  readonly groupOf: ArrayLike<number>;
  readonly groups: number;
}

function clipsOf(scored: ScoredPredictions, { lose, blank = 'blank', people, ...bootstrap }: SkipTarget): SkipClips {
  const rows = checkedRows(scored);
  const { classes } = scored;
  if (!(lose >= 0 && lose < 1)) {
    throw new MetricsError(
      'METRICS_ARGUMENT',
      `metrics: the share of animals to lose must be from 0 to below 1, got ${lose}`,
      { fields: { lose: String(lose) } },
    );
  }
  for (const name of [blank, ...(people ?? [])]) {
    if (!classes.includes(name)) {
      throw new MetricsError('METRICS_ARGUMENT', `metrics: there is no class "${name}"`, {
        fields: { class: name },
        hint: `classes: ${classes.join(', ')}`,
      });
    }
  }
  const persons = people ?? classes.filter((name) => name === 'human');
  const isAnimal = classes.map((name) => name !== blank && !persons.includes(name));
  const at = classes.indexOf(blank);
  const blankOf = Float64Array.from(
    { length: rows },
    (_, row) => scored.predictions[row * classes.length + at] as number,
  );
  const animal = Uint8Array.from({ length: rows }, (_, row) =>
    isAnimal.some((is, c) => is && scored.labels[row * classes.length + c] === 1) ? 1 : 0,
  );
  const highestFirst = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => animal[row] === 1);
  if (highestFirst.length === 0) {
    throw new MetricsError('METRICS_ARGUMENT', 'metrics: a threshold needs at least one clip of an animal, got none');
  }
  highestFirst.sort((a, b) => (blankOf[b] as number) - (blankOf[a] as number) || a - b);
  return { blank, people: persons, blankOf, animal, highestFirst, ...rowGroups(rows, bootstrap) };
}

/** Sorted: in each draw, the probability of `blank` that a threshold must be above to lose no more than asked of what was drawn. */
function bootstrapLimits({ blankOf, animal, highestFirst, groupOf, groups }: SkipClips, target: SkipTarget): number[] {
  if (groups < 2) return [];
  const animals = new Uint32Array(groups);
  animal.forEach((is, row) => (animals[groupOf[row] as number] = (animals[groupOf[row] as number] as number) + is));
  const limits: number[] = [];
  for (const drawn of resamples(groups, target)) {
    const allowed = target.lose * weighted(drawn, animals) + 1e-9;
    let lost = 0;
    const row = highestFirst.find((candidate) => (lost += drawn[groupOf[candidate] as number] as number) > allowed);
    limits.push(row === undefined ? 0 : (blankOf[row] as number));
  }
  return limits.sort((a, b) => a - b);
}

/** How many of `animals` may be lost so that the upper bound is within `lose`; undefined where not even none may. */
function mostLost(animals: number, lose: number): number | undefined {
  let [low, high] = [-1, Math.floor(lose * animals)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (binomialUpperBound(middle, animals, skipConfidence) <= lose) low = middle;
    else high = middle - 1;
  }
  return low < 0 ? undefined : low;
}

function lowestAbove(values: Float64Array, limit: number): number | null {
  let lowest = Number.POSITIVE_INFINITY;
  for (const value of values) if (value > limit && value < lowest) lowest = value;
  return lowest === Number.POSITIVE_INFINITY ? null : lowest;
}

function describeThreshold(
  { classes, labels }: ScoredPredictions,
  clips: SkipClips,
  threshold: number | null,
  options: BootstrapOptions,
): SkipThreshold {
  const { blankOf, animal, groupOf, groups } = clips;
  const isSkipped = (row: number) => threshold !== null && (blankOf[row] as number) >= threshold;
  const perGroup = () => new Uint32Array(groups);
  const [all, skipped, animals, lost] = [perGroup(), perGroup(), perGroup(), perGroup()];
  blankOf.forEach((_, row) => {
    const group = groupOf[row] as number;
    all[group] = (all[group] as number) + 1;
    animals[group] = (animals[group] as number) + (animal[row] as number);
    if (!isSkipped(row)) return;
    skipped[group] = (skipped[group] as number) + 1;
    lost[group] = (lost[group] as number) + (animal[row] as number);
  });
  const draws: { skipped: number; lost: number }[] = [];
  if (groups >= 2) {
    for (const drawn of resamples(groups, options)) {
      draws.push({
        skipped: weighted(drawn, skipped) / weighted(drawn, all),
        lost: weighted(drawn, lost) / Math.max(1, weighted(drawn, animals)),
      });
    }
  }
  const errorOf = (values: readonly number[]) => (values.length === 0 ? null : spread(values));
  const total = (counts: Uint32Array) => counts.reduce((sum, n) => sum + n, 0);
  const ofAnimals = lostOf(total(lost), total(animals));
  const lostDraws = draws.map((draw) => draw.lost).sort((a, b) => a - b);
  return {
    threshold,
    skipped: {
      clips: total(skipped),
      share: total(skipped) / blankOf.length,
      standardError: errorOf(draws.map((draw) => draw.skipped)),
    },
    animals: {
      ...ofAnimals,
      // A threshold at which nothing is skipped loses nothing, whatever the clips.
      upperBound:
        threshold === null
          ? 0
          : Math.max(ofAnimals.upperBound, lostDraws[Math.ceil(skipConfidence * lostDraws.length) - 1] ?? 0),
      standardError: errorOf(lostDraws),
    },
    perClass: Object.fromEntries(
      classes.flatMap((name, c) => {
        if (name === clips.blank) return [];
        const rows = [...blankOf.keys()].filter((row) => labels[row * classes.length + c] === 1);
        const found = lostOf(rows.filter(isSkipped).length, rows.length);
        return [[name, threshold === null ? { ...found, upperBound: 0 } : found]];
      }),
    ),
  };
}

function lostOf(lost: number, clips: number): Lost {
  return {
    clips,
    lost,
    share: clips === 0 ? 0 : lost / clips,
    upperBound: binomialUpperBound(lost, clips, skipConfidence),
  };
}
