import type { TaxonTable } from './taxa.ts';

/** What a clip is said to show; `classes` is empty where nothing reached the threshold. */
export interface Decision {
  /** Indices of classes with their probabilities, highest first. */
  readonly classes: readonly { readonly index: number; readonly probability: number }[];
  /** The likeliest class, whatever the threshold. */
  readonly top: { readonly index: number; readonly probability: number };
}

/**
 * All classes whose probability reaches the threshold. A blank clip shows nothing else: where blank and others reach it, the
 * likeliest class decides which of both is meant.
 */
export function decideClasses(
  probabilities: readonly number[],
  classes: readonly string[],
  taxa: TaxonTable,
  threshold: number,
): Decision {
  const ranked = probabilities
    .map((probability, index) => ({ index, probability }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index);
  const reached = ranked.filter(({ probability }) => probability >= threshold);
  const isBlank = ({ index }: { index: number }) => taxa.of(classes[index] as string).type === 'blank';
  const blankWins = reached[0] !== undefined && isBlank(reached[0]);
  return {
    classes: reached.filter((entry) => isBlank(entry) === blankWins),
    top: ranked[0] ?? { index: 0, probability: 0 },
  };
}
