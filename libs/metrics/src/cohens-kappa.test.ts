import { describe, expect, it } from 'vitest';
import { cohensKappa } from './cohens-kappa.ts';

function pairs(counts: Record<string, number>): [string, string][] {
  return Object.entries(counts).flatMap(([pair, times]) =>
    Array.from({ length: times }, (): [string, string] => pair.split('/') as [string, string]),
  );
}

describe("Cohen's kappa", () => {
  it('is what the textbook has: 50 applications, 35 of which two readers judge alike', () => {
    expect(cohensKappa(pairs({ 'yes/yes': 20, 'yes/no': 5, 'no/yes': 10, 'no/no': 15 }))).toBeCloseTo(0.4, 12);
  });

  it('sees through agreement that is no more than a habit', () => {
    // Both say blank nine times of ten, and the rest by chance.
    expect(cohensKappa(pairs({ 'a/a': 81, 'a/b': 9, 'b/a': 9, 'b/b': 1 }))).toBeCloseTo(0, 12);
  });

  it('is 1 for all the same, negative for less than chance, and no number where there is nothing to tell apart', () => {
    expect(cohensKappa(pairs({ 'a/a': 3, 'b/b': 1, 'c/c': 2 }))).toBe(1);
    expect(cohensKappa(pairs({ 'a/b': 3, 'b/a': 3 }))).toBe(-1);
    expect(cohensKappa(pairs({ 'a/a': 5 }))).toBeNull();
    expect(cohensKappa([])).toBeNull();
  });
});
