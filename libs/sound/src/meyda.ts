import meydaModule from 'meyda';
import type { MeydaFeaturesObject } from 'meyda';
import { AmplitudeSpectrum } from './amplitude-spectrum.ts';
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

const descriptors = [
  'rms',
  'energy',
  'zcr',
  'spectralRolloff',
  'spectralFlatness',
  'spectralCrest',
  'loudness',
  'perceptualSpread',
] as const;
const wanted = [...descriptors, 'chroma', 'amplitudeSpectrum'] as const;

/** What meyda says of one frame. */
export type MeydaFrame = Pick<MeydaFeaturesObject, (typeof wanted)[number]>;

/** What meyda makes once for a format of sound and keeps on its object, which its types do not tell. */
interface MeydaBanks {
  readonly barkScale: Float32Array;
  /** [chroma bands, bins] */
  readonly chromaFilterBank: readonly (readonly number[])[];
}

/** Meyda's own banks and ours for its transform; made at the first frame. */
let prepared: { readonly spectrum: AmplitudeSpectrum; readonly chroma: readonly Float64Array[] } | undefined;

function prepare(): NonNullable<typeof prepared> {
  const ones = new Float32Array(frameSize).fill(1);
  meyda.extract('rms', ones);
  const { chromaFilterBank } = meyda as unknown as MeydaBanks;
  return {
    spectrum: new AmplitudeSpectrum(Float32Array.from(meyda.windowing(ones, 'hanning') as ArrayLike<number>)),
    chroma: chromaFilterBank.map((weights) => Float64Array.from(weights)),
  };
}

/**
 * What `meyda.extract` says of a frame, to the bit: its own extractors, and for the two parts that took nearly all of the
 * time, the transform and the sums of chroma, ours.
 * @param frame {@link frameSize} samples
 */
export function meydaFrame(frame: Float32Array): MeydaFrame {
  const { spectrum, chroma } = (prepared ??= prepare());
  const ampSpectrum = spectrum.of(frame);
  const { barkScale } = meyda as unknown as MeydaBanks;
  const { sampleRate, bufferSize, numberOfBarkBands } = meyda as typeof meyda & { readonly numberOfBarkBands: number };
  const given = { signal: spectrum.windowed, ampSpectrum, barkScale, sampleRate, bufferSize, numberOfBarkBands };
  const extractors = meyda.featureExtractors as Record<string, (of: typeof given) => unknown>;
  const byMeyda = Object.fromEntries(descriptors.map((name) => [name, extractors[name]?.(given)]));
  return { ...byMeyda, chroma: chromaOf(ampSpectrum, chroma), amplitudeSpectrum: ampSpectrum } as unknown as MeydaFrame;
}

/** [bands], the largest 1. */
function chromaOf(amplitudes: Float32Array, bank: readonly Float64Array[]): number[] {
  const sums = bank.map((weights) => {
    let sum = 0;
    for (let bin = 0; bin < amplitudes.length; bin++) sum += (amplitudes[bin] as number) * (weights[bin] as number);
    return sum;
  });
  const most = Math.max(...sums);
  return most ? sums.map((sum) => sum / most) : sums;
}

/**
 * @param frame {@link frameSize} samples
 * @returns [frameSize / 2] under a Hann window
 */
export function amplitudeSpectrum(frame: Float32Array): Float32Array {
  return (prepared ??= prepare()).spectrum.of(frame);
}

/** All of {@link meydaFrame} by meyda alone, its reference. */
export function meydaReference(frame: Float32Array): MeydaFrame {
  return meyda.extract([...wanted], frame) as MeydaFrame;
}

/** Meyda's own mel bands and MFCC, the reference of `MelBands`. */
export function meydaMelBands(frame: Float32Array): {
  readonly melBands: readonly number[];
  readonly mfcc: readonly number[];
} {
  return meyda.extract(['melBands', 'mfcc'], frame) as unknown as { melBands: number[]; mfcc: number[] };
}
