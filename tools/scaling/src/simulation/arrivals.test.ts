import { Rng } from '@primatrix/rng';
import { expect, it } from 'vitest';
import { cardsOf, days, longestBacklogHours, peakFactor } from './arrivals.ts';

it('brings as many clips as are said, in the hours that are said', () => {
  const perDay = 200_000;
  const perHour = new Float64Array(24);
  for (const { at, clips } of cardsOf(new Rng(3), perDay, { day: 'office', card: 20, from: 0 })) {
    if (at >= 86_400) break;
    perHour[Math.floor(at / 3600)] = (perHour[Math.floor(at / 3600)] ?? 0) + clips;
  }
  const total = perHour.reduce((a, b) => a + b, 0);
  expect(total / perDay).toBeCloseTo(1, 1);
  const weights: readonly number[] = days.office;
  const sum = weights.reduce((a, b) => a + b, 0);
  for (const [hour, weight] of weights.entries()) expect((perHour[hour] ?? 0) / total).toBeCloseTo(weight / sum, 1);
});

it('begins in the hour that is asked for', () => {
  const { value } = cardsOf(new Rng(1), 1_000_000, { day: 'office', card: 1, from: 9 }).next();
  expect(value?.at).toBeGreaterThan(9 * 3600);
  expect(value?.at).toBeLessThan(9 * 3600 + 60);
  expect(value?.clips).toBe(1);
});

it('counts the backlog of a day', () => {
  expect(peakFactor('flat')).toBe(1);
  expect(longestBacklogHours('flat', 1)).toBe(0);
  // 216 of 100 weights and 24 hours: nothing waits where the busiest hour is kept up with.
  expect(longestBacklogHours('office', peakFactor('office'))).toBe(0);
  expect(longestBacklogHours('office', 1.4)).toBeGreaterThan(2);
});
