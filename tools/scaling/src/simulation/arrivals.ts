import type { Rng } from '@primatrix/rng';

/** When cards come in: a weight for each hour of the day, from midnight. */
export const days = {
  /** As many in every hour. */
  flat: Array.from({ length: 24 }, () => 1),
  /** People bring cards in their working hours; a little comes at any hour. An assumption, not a measurement. */
  office: [1, 1, 1, 1, 1, 1, 2, 4, 8, 9, 9, 8, 6, 8, 9, 8, 7, 6, 4, 2, 1, 1, 1, 1],
} as const;
export type Day = keyof typeof days;
export const dayNames = Object.keys(days) as Day[];

const hourSeconds = 3600;

/** Arrivals in the busiest hour, over the mean of all hours. */
export function peakFactor(day: Day): number {
  const weights: readonly number[] = days[day];
  return (Math.max(...weights) * weights.length) / weights.reduce((a, b) => a + b, 0);
}

/** A card with clips that comes in. */
export interface Card {
  /** Seconds since midnight of the first day. */
  readonly at: number;
  readonly clips: number;
}

/**
 * Cards as they come, for ever: Poisson with the day's rate; the number of clips on a card is geometric with the given mean.
 * @param from hour of the first day to begin with
 */
export function* cardsOf(
  rng: Rng,
  clipsPerDay: number,
  { day, card, from }: { readonly day: Day; readonly card: number; readonly from: number },
): Generator<Card> {
  const weights: readonly number[] = days[day];
  const busiest = Math.max(...weights);
  const perSecond = (clipsPerDay / card / (24 * hourSeconds)) * peakFactor(day);
  for (let at = from * hourSeconds; ;) {
    at += -Math.log(1 - rng.uniform()) / perSecond;
    // Thinning: of the busiest hour's cards, an hour keeps its share.
    if (rng.uniform() * busiest >= (weights[Math.floor(at / hourSeconds) % 24] ?? 0)) continue;
    const clips = card <= 1 ? 1 : 1 + Math.floor(Math.log(1 - rng.uniform()) / Math.log(1 - 1 / card));
    yield { at, clips };
  }
}

/** Hours that the last clip waits at most, where `capacity` (over the mean of all hours) is worked off in every hour: arithmetic, without chance. */
export function longestBacklogHours(day: Day, capacity: number): number {
  const weights: readonly number[] = days[day];
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  let backlog = 0;
  let longest = 0;
  // Twice around: what the first night leaves is there in the morning.
  for (let hour = 0; hour < 48; hour++) {
    backlog = Math.max(0, backlog + (weights[hour % 24] ?? 0) / mean - capacity);
    longest = Math.max(longest, backlog / capacity);
  }
  return longest;
}
