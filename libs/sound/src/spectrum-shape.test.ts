import { describe, expect, it } from 'vitest';
import { spectrumShape } from './spectrum-shape.ts';

describe('spectrumShape', () => {
  it('gives the moments of a bell', () => {
    const bell = Float64Array.from({ length: 512 }, (_, k) => Math.exp(-((k - 200) ** 2) / (2 * 30 ** 2)));
    const { centroid, spread, skewness, kurtosis } = spectrumShape(bell);
    expect(centroid).toBeCloseTo(200, 6);
    expect(spread).toBeCloseTo(30, 3);
    expect(skewness).toBeCloseTo(0, 6);
    expect(kurtosis).toBeCloseTo(3, 4);
  });

  it('gives the slope of a line as a part of its mean, and 0 for a flat spectrum', () => {
    const line = Float64Array.from({ length: 101 }, (_, k) => 10 + 0.1 * k);
    expect(spectrumShape(line).slope).toBeCloseTo(0.1 / 15, 10);
    expect(spectrumShape(new Float64Array(64).fill(3)).slope).toBeCloseTo(0, 12);
  });

  it('is missing for nothing', () => {
    expect(
      Object.values(spectrumShape(new Float64Array(8)))
        .slice(0, 4)
        .every(Number.isNaN),
    ).toBe(true);
  });
});
