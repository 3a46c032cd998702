import { describe, expect, it } from 'vitest';
import { binomialUpperBound } from './binomial-bound.ts';

describe('binomialUpperBound', () => {
  it('is the rule of three where nothing was found', () => {
    expect(binomialUpperBound(0, 59)).toBeCloseTo(1 - 0.05 ** (1 / 59), 12);
    expect(binomialUpperBound(0, 58)).toBeGreaterThan(0.05);
    expect(binomialUpperBound(0, 59)).toBeLessThan(0.05);
  });

  it('is the share at which so few would be found one time in twenty', () => {
    // From the sum of the four binomial terms, in Python's integers and floats.
    expect(binomialUpperBound(3, 100)).toBeCloseTo(0.0757107937, 9);
    const p = binomialUpperBound(2, 10);
    const q = 1 - p;
    expect(q ** 10 + 10 * p * q ** 9 + 45 * p ** 2 * q ** 8).toBeCloseTo(0.05, 12);
    expect(binomialUpperBound(2, 10, 0.5)).toBeLessThan(p);
  });

  it('holds for many clips, none and all', () => {
    const bound = binomialUpperBound(10_000, 200_000);
    // Normal approximation: 1.645 standard errors above 5 %.
    expect(bound).toBeCloseTo(0.05 + 1.645 * Math.sqrt((0.05 * 0.95) / 200_000), 4);
    expect(binomialUpperBound(0, 0)).toBe(1);
    expect(binomialUpperBound(7, 7)).toBe(1);
  });
});
