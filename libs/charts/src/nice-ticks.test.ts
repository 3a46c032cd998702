import { expect, it } from 'vitest';
import { niceTicks } from './nice-ticks.ts';

it.each([
  [0, 1, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
  [1, 40, ['0', '10', '20', '30', '40']],
  [0, 0.0123, ['0.000', '0.005', '0.010', '0.015']],
  [3, 1234, ['0', '500', '1000', '1500']],
  [0, 0.3, ['0.0', '0.1', '0.2', '0.3']],
])('from %d to %d', (low, high, texts) => {
  expect(niceTicks(low, high).map(({ text }) => text)).toEqual(texts);
});

it('covers a range that is none, in rising steps', () => {
  for (const at of [0, 1, -2, 5e-9, 7e8]) {
    const values = niceTicks(at, at).map(({ value }) => value);
    expect(values.length).toBeGreaterThan(1);
    expect(values[0]).toBeLessThanOrEqual(at);
    expect(values.at(-1)).toBeGreaterThanOrEqual(at);
    expect([...new Set(values)].sort((a, b) => a - b)).toEqual(values);
  }
});
