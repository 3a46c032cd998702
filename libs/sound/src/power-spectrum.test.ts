import { expect, it } from 'vitest';
import { PowerSpectrum } from './power-spectrum.ts';

it.each([2, 8, 64])('gives what the Fourier transform of %i samples is by its definition, again and again', (size) => {
  const spectrum = new PowerSpectrum(size);
  for (const seed of [1, 2]) {
    const frame = Float64Array.from({ length: size }, (_, i) => Math.sin(i * seed * 1.7) + ((i * 7 * seed) % 5));
    const power = new Float64Array(size / 2 + 1);
    spectrum.of(frame, power);
    power.forEach((got, k) => {
      let [real, imaginary] = [0, 0];
      frame.forEach((sample, i) => {
        real += sample * Math.cos((2 * Math.PI * k * i) / size);
        imaginary -= sample * Math.sin((2 * Math.PI * k * i) / size);
      });
      expect(got).toBeCloseTo(real ** 2 + imaginary ** 2, 8);
    });
  }
});
