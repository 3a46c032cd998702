import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dctSize, keptSize, LowFrequencyDct } from './dct32.ts';

function transformed(pixel: (x: number, y: number) => number): Float64Array {
  const pixels = Float64Array.from({ length: dctSize * dctSize }, (_, i) =>
    pixel(i % dctSize, Math.floor(i / dctSize)),
  );
  const coefficients = new Float64Array(keptSize * keptSize);
  new LowFrequencyDct().transform(pixels, coefficients);
  return coefficients;
}

const pattern = (x: number, y: number): number => (x * 7 + y * 13 + x * y) % 256;

describe('LowFrequencyDct', () => {
  it('gives the doubles of SciPy 1.10.1 to the last bit', () => {
    const digest = createHash('sha256')
      .update(new Uint8Array(transformed(pattern).buffer))
      .digest('hex');
    expect(digest).toBe('d1344ca74a7faa74b0dd56365062cc5881eab95f77d6eec75325a10ba715c21a');
  });

  it('is the sum that defines the DCT-II', () => {
    const coefficients = transformed(pattern);
    const cosine = (place: number, frequency: number): number =>
      Math.cos((Math.PI * frequency * (2 * place + 1)) / (2 * dctSize));
    for (let v = 0; v < keptSize; v++) {
      for (let u = 0; u < keptSize; u++) {
        let sum = 0;
        for (let y = 0; y < dctSize; y++) {
          for (let x = 0; x < dctSize; x++) sum += 4 * pattern(x, y) * cosine(x, u) * cosine(y, v);
        }
        expect(coefficients[v * keptSize + u]).toBeCloseTo(sum, 7);
      }
    }
  });

  it('leaves nothing but the mean of a flat picture', () => {
    for (let grey = 0; grey < 256; grey++) {
      const [mean, ...others] = transformed(() => grey);
      expect(mean).toBe(grey * 4 * dctSize * dctSize);
      expect(others.every((value) => value === 0)).toBe(true);
    }
  });
});
