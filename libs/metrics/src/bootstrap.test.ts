import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { standardError } from './bootstrap.ts';

describe('standardError', () => {
  const rng = new Rng(5);
  const values = Float64Array.from({ length: 400 }, () => rng.normal());

  it('is what the formula says where rows are independent', () => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const formula = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / values.length;
    expect((standardError(values) ?? 0) / formula).toBeGreaterThan(0.9);
    expect((standardError(values) ?? 0) / formula).toBeLessThan(1.1);
    expect(standardError(values)).toBe(standardError(values));
    expect(standardError(values, { seed: 2 })).not.toBe(standardError(values));
  });

  it('takes rows of one group as one piece of evidence', () => {
    // Every value four times over: no more is known than without the copies.
    const copied = Float64Array.from({ length: 4 * values.length }, (_, row) => values[row >> 2] as number);
    const groups = Uint32Array.from(copied, (_, row) => row >> 2);
    expect(standardError(copied, { groups })).toBeCloseTo(standardError(values) as number, 12);
    expect((standardError(copied) as number) / (standardError(values) as number)).toBeLessThan(0.6);
  });

  it('says nothing of one group', () => {
    expect(standardError(values, { groups: new Uint32Array(values.length) })).toBeNull();
  });
});
