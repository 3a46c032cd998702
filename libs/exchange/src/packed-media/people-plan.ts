import type { ClipRecord } from '../clip-record.ts';
import { decideClasses } from '../decide-classes.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { TaxonTable } from '../taxa.ts';

/** How it is known what a clip shows. */
export interface PeopleKnowledge {
  readonly taxa: TaxonTable;
  /** Least probability of a class that a clip is said to show, 0 to 1. */
  readonly threshold: number;
}

/** What becomes of a clip that is shared: it goes as it is, its people are blurred, or it stays out. */
export type PeoplePlan = 'as-it-is' | 'blur' | 'leave-out';

/**
 * What becomes of each clip in a package that is shared. A clip on which a detector saw people is blurred; one that shows people by
 * a person's decision or by its classes, and on which no detector saw any, is left out, as nobody knows where they are. Clips without a
 * picture go as they are.
 * @throws ExchangeError EXCHANGE_PEOPLE where no detector that knows people looked at a clip
 */
export function planPeople(
  records: readonly ClipRecord[],
  classes: readonly string[],
  knowledge: PeopleKnowledge,
): PeoplePlan[] {
  const known = classes.some((name) => knowledge.taxa.of(name).type === 'human');
  const unseen = records.filter((record) => isPicture(record) && !(known && wasLookedAt(record)));
  const [first] = unseen;
  if (first !== undefined) {
    throw new ExchangeError(
      'EXCHANGE_PEOPLE',
      `no detector looked for people in ${unseen.length} of ${records.length} clips, for example ${first.filename}: they cannot be blurred`,
      'run predict --model with a detector that knows people, and export its result in JSON; or --show-people for your own use',
    );
  }
  return records.map((record) => {
    if (!isPicture(record)) return 'as-it-is';
    if (record.seen?.sightings.some(({ group }) => group === 'person') === true) return 'blur';
    return saysPeople(record, classes, knowledge) ? 'leave-out' : 'as-it-is';
  });
}

/** Files that were not read are in no package. */
function isPicture({ media, outcome }: ClipRecord): boolean {
  return outcome.status !== 'failed' && media !== null && media.kind !== 'audio';
}

function wasLookedAt({ seen }: ClipRecord): boolean {
  return seen !== undefined && seen.looks.length > 0;
}

function saysPeople(
  { review, probabilities }: ClipRecord,
  classes: readonly string[],
  { taxa, threshold }: PeopleKnowledge,
): boolean {
  if (review !== undefined) return review.species.some((name) => taxa.of(name).type === 'human');
  if (probabilities === null) return false;
  return decideClasses(probabilities, classes, taxa, threshold).classes.some(
    ({ index }) => taxa.of(classes[index] as string).type === 'human',
  );
}
