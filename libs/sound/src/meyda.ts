import meydaModule from 'meyda';
import type { MeydaFeaturesObject } from 'meyda';
import { frameSize, soundSampleRate } from './sound-frames.ts';

/** Mel bands whose log energies are described, and from which the MFCC are made. */
export const melBandCount = 40;
/** Mel-frequency cepstral coefficients. */
export const mfccCount = 13;
/** Pitch classes, from C. */
export const chromaCount = 12;

// Its types describe the ES edition; Node loads the CommonJS one, which is the object itself.
const meyda = meydaModule as unknown as typeof meydaModule.default;

// One object holds the settings and filter banks made from them, so there is one format of sound, set once.
meyda.bufferSize = frameSize;
meyda.sampleRate = soundSampleRate;
meyda.melBands = melBandCount;
meyda.numberOfMFCCCoefficients = mfccCount;
meyda.chromaBands = chromaCount;

const wanted = [
  'rms',
  'energy',
  'zcr',
  'spectralRolloff',
  'spectralFlatness',
  'spectralCrest',
  'loudness',
  'perceptualSpread',
  'chroma',
  'amplitudeSpectrum',
] as const;

/** What meyda says of one frame. */
export type MeydaFrame = Pick<MeydaFeaturesObject, (typeof wanted)[number]>;

/** @param frame {@link frameSize} samples */
export function meydaFrame(frame: Float32Array): MeydaFrame {
  return meyda.extract([...wanted], frame) as MeydaFrame;
}

/**
 * @param frame {@link frameSize} samples
 * @returns [frameSize / 2] under a Hann window
 */
export function amplitudeSpectrum(frame: Float32Array): Float32Array {
  return meyda.extract('amplitudeSpectrum', frame) as unknown as Float32Array;
}

/** Meyda's own mel bands and MFCC, the reference of `MelBands`. */
export function meydaMelBands(frame: Float32Array): {
  readonly melBands: readonly number[];
  readonly mfcc: readonly number[];
} {
  return meyda.extract(['melBands', 'mfcc'], frame) as unknown as { melBands: number[]; mfcc: number[] };
}
