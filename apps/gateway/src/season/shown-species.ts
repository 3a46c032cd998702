import type { ClipRow } from '../clips/clip-row.ts';

/**
 * What a clip shows: as a person decided, else its most probable class; null where nobody and nothing has said anything, or a person
 * was unsure.
 */
export function shownSpecies({ review, top, state }: ClipRow, classes: readonly string[]): readonly string[] | null {
  if (review !== null) return review.species.length === 0 ? null : review.species;
  const name = state === 'predicted' || state === 'provisional' ? classes[top] : undefined;
  return name === undefined ? null : [name];
}
