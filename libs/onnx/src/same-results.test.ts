import { describe, expect, it, vi } from 'vitest';
import { fixedBatches, fixedNumbers, largestDifference, requireSameResults } from './same-results.ts';

const of = (...values: number[]) => Float32Array.from(values);

describe('largestDifference', () => {
  it.each([
    ['nothing', [of(1, -2)], [of(1, -2)], 0],
    ['a share of the largest', [of(4, 1), of(100)], [of(4, 2), of(101)], 0.25],
    ['small numbers by their size', [of(1e-4)], [of(2e-4)], 0.5],
    ['zeros as they are', [of(0.5)], [of(0)], 0.5],
  ])('is %s', (_, got, expected, off) => expect(largestDifference(got, expected)).toBeCloseTo(off, 6));

  it.each([
    ['fewer outputs', [], [of(1)]],
    ['fewer numbers', [of(1)], [of(1, 2)]],
    ['none', [of(Number.NaN)], [of(1)]],
  ])('is none where there are %s', (_, got, expected) => expect(largestDifference(got, expected)).toBeNaN());
});

describe('requireSameResults', () => {
  it('lets a device pass that rounds otherwise, having looked at three batches', async () => {
    const outputsOf = vi.fn(async (device: string, batch: number) => [
      fixedNumbers(64, batch).map((value) => (device === 'cpu' ? value : value * 1.001)),
    ]);
    await requireSameResults('webgpu', 'net-a', outputsOf);
    expect(outputsOf.mock.calls.map(([device, batch]) => `${device} ${batch}`)).toEqual(
      Array.from({ length: fixedBatches }, (_, i) => [`cpu ${i}`, `webgpu ${i}`]).flat(),
    );
    expect(fixedNumbers(64, 0)).not.toEqual(fixedNumbers(64, 1));
  });

  it.each([
    ['wrong in one number', (value: number, i: number) => (i === 40 ? value + 0.02 : value), /0\.02/],
    [
      'wrong in the last batch only',
      (value: number, _i: number, batch: number) => (batch === 2 ? -value : value),
      /2\.0/,
    ],
    ['making no numbers', () => Number.NaN, /NaN/],
  ])('refuses by name a device that is %s', async (_, spoil, off) => {
    const refused = requireSameResults('cuda', 'net-a', async (device, batch) => [
      fixedNumbers(64, batch).map((value, i) => (device === 'cpu' ? value : spoil(value, i, batch))),
    ]);
    await expect(refused).rejects.toMatchObject({ code: 'DEVICE_DIFFERS' });
    await expect(refused).rejects.toThrow(/--device cuda .* for net-a: .* 0\.01 are allowed/);
    await expect(refused).rejects.toThrow(off);
  });

  it('never compares the CPU with itself', async () => {
    await requireSameResults('cpu', 'net-a', () => Promise.reject(new Error('asked')));
  });
});
