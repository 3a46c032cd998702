import { readFileSync } from 'node:fs';
import { sharedData } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { filtered, melFilters } from './mel-filter.ts';

describe('slaney', () => {
  const filters = melFilters({ rule: 'slaney', bins: 40, low: 0, high: 11_025, fftSize: 2048, sampleRate: 22_050 });

  it('has triangles of area 1', () => {
    const flat = new Float64Array(1025).fill(22_050 / 2048);
    // Narrow ones are only as good as their few bins.
    for (const filter of filters) expect(filtered(filter, flat)).toBeCloseTo(1, 1);
  });

  it('is linear to 1000 Hz and logarithmic above, where 27 mels are a factor of 6.4', () => {
    const step = (15 + Math.log(11.025) / (Math.log(6.4) / 27)) / 41;
    const peak = (band: number) => {
      const { start, weights } = filters[band] as (typeof filters)[number];
      return ((start + weights.indexOf(Math.max(...weights))) * 22_050) / 2048;
    };
    expect(Math.abs(peak(4) - (5 * step * 200) / 3)).toBeLessThan(6);
    expect(Math.abs(peak(34) - 1000 * 6.4 ** ((35 * step - 15) / 27))).toBeLessThan(6);
  });
});

const golden = sharedData('models', 'golden/audio/melbank.json');
it.skipIf(golden === undefined)('kaldi: the filters of EfficientAT (needs the shared data folder)', () => {
  const bank = JSON.parse(readFileSync(golden as string, 'utf8')) as {
    fmin: number;
    fmax: number;
    rowSums: number[];
    rowFirstNonZero: number[];
    rowLastNonZero: number[];
    row64: Record<string, number>;
  };
  const { fmin: low, fmax: high } = bank;
  const filters = melFilters({ rule: 'kaldi', bins: 128, low, high, fftSize: 1024, sampleRate: 32_000 });
  const flat = new Float64Array(513).fill(1);
  expect(filters.map(({ start }) => start)).toEqual(bank.rowFirstNonZero);
  // Bin 480 is 15,000 Hz, where the last triangle ends: in single precision a trace of it is left there.
  expect(filters.slice(0, -1).map(({ start, weights }) => start + weights.length - 1)).toEqual(
    bank.rowLastNonZero.slice(0, -1),
  );
  filters.forEach((filter, i) => expect(filtered(filter, flat)).toBeCloseTo(bank.rowSums[i] as number, 4));
  const row = filters[64] as (typeof filters)[number];
  for (const [bin, weight] of Object.entries(bank.row64)) {
    expect(row.weights[Number(bin) - row.start]).toBeCloseTo(weight, 5);
  }
});
