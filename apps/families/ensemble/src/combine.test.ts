import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';

describe('combine', () => {
  const a = { name: 'a', probabilities: Float64Array.of(0.2, 0.4) };
  const b = { name: 'b', probabilities: Float64Array.of(0.6, 0) };

  it('is the weighted mean', () => {
    expect([...combine([a, b], { a: 0.25, b: 0.75 })].map((p) => Number(p.toFixed(12)))).toEqual([0.5, 0.1]);
  });

  it('calibrates the mean, not the members', () => {
    const [first, second] = combine([a, b], { a: 0.25, b: 0.75 }, { method: 'temperature', temperature: 0.5 });
    expect(first).toBeCloseTo(0.5, 12);
    // Odds of 1 to 9, squared.
    expect(second).toBeCloseTo(1 / 82, 12);
  });

  it('stays a probability whatever the weights round to', () => {
    const sure = ['a', 'b', 'c'].map((name) => ({ name, probabilities: Float64Array.of(1) }));
    expect(combine(sure, { a: 0.7, b: 0.2, c: 0.1 + 2e-16 })[0]).toBeLessThanOrEqual(1);
  });

  it('names a member that is missing', () => {
    expect(() => combine([{ name: 'a', probabilities: Float64Array.of(1) }], { b: 1 })).toThrow("member 'b'");
  });
});
