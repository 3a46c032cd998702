import { expect, it } from 'vitest';
import { MelBands } from './mel-bands.ts';
import { melBandCount, meydaFrame, meydaMelBands, mfccCount } from './meyda.ts';
import { frameSize, soundSampleRate } from './sound-frames.ts';

it('gives the mel bands and MFCC of meyda', () => {
  const bands = new MelBands({ bands: melBandCount, coefficients: mfccCount, sampleRate: soundSampleRate, frameSize });
  for (const wave of [
    (i: number) => 9000 * Math.sin(i / 3),
    (i: number) => ((i * 48_271) % 20_011) - 10_000,
    (i: number) => (i === 300 ? 32_767 : 0),
    (i: number) => i % 2,
  ]) {
    const frame = Float32Array.from({ length: frameSize }, (_, i) => wave(i));
    const { melBands, mfcc } = meydaMelBands(frame);
    const logEnergies = bands.logEnergies(meydaFrame(frame).amplitudeSpectrum);
    expect(logEnergies).toHaveLength(melBandCount);
    logEnergies.forEach((energy, band) => expect(energy).toBeCloseTo(melBands[band] as number, 4));
    const cepstrum = bands.cepstrum(logEnergies);
    expect(cepstrum).toHaveLength(mfccCount);
    cepstrum.forEach((coefficient, k) => expect(coefficient).toBeCloseTo(mfcc[k] as number, 3));
  }
});
