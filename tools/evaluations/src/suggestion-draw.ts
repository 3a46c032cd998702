import { Rng } from '@primatrix/rng';

/** Clips, and what they show. */
export interface LabelledClips {
  readonly classes: readonly string[];
  /** [classes] each, 0 or 1. */
  readonly labels: readonly Uint8Array[];
  /** One a clip; null of each where sites are passed over. */
  readonly sites: readonly (string | null)[];
}

/** Clips of which somebody says what they show, and those that are then tested; places in the list of clips. */
export interface Draw {
  readonly labelled: readonly number[];
  /** All others; where sites are known, those of no site that has a labelled clip. */
  readonly tested: readonly number[];
}

/**
 * Draws so many clips a class by lot: the same of equal seed and number, whatever else is drawn.
 * @param number from 0
 */
export function drawLabelled(
  { classes, labels, sites }: LabelledClips,
  aClass: number,
  seed: number,
  number: number,
): Draw {
  const at = new Set<number>();
  const rng = Rng.of(seed, `draw ${number}`);
  for (const c of classes.keys()) {
    // A clip that shows several classes is labelled with all of them, and counts for this one.
    const own = rng.shuffle([...labels.keys()].filter((row) => labels[row]?.[c] === 1 && !at.has(row)));
    own.slice(0, aClass).forEach((row) => at.add(row));
  }
  const known = new Set([...at].flatMap((row) => sites[row] ?? []));
  const tested = [...labels.keys()].filter((row) => !at.has(row) && !known.has(sites[row] ?? ''));
  return { labelled: [...at], tested };
}

/** Mean of the shares that single draws had right, and its standard error. */
export function overDraws(shares: readonly number[]): { readonly accuracy: number; readonly standardError: number } {
  const accuracy = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const variance = shares.reduce((sum, share) => sum + (share - accuracy) ** 2, 0) / Math.max(1, shares.length - 1);
  return { accuracy, standardError: Math.sqrt(variance / shares.length) };
}

/**
 * Share of clips whose most probable class is one that they show.
 * @param rows places of the clips in `labels`
 * @param probabilityOf of a place and a class, 0 to 1
 */
export function shareRight(
  rows: readonly number[],
  { classes, labels }: LabelledClips,
  probabilityOf: (row: number, c: number) => number,
): number {
  const right = rows.filter((row) => {
    const own = classes.map((_, c) => probabilityOf(row, c));
    return labels[row]?.[own.indexOf(Math.max(...own))] === 1;
  });
  return right.length / rows.length;
}
