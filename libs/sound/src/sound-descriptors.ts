import { MelBands } from './mel-bands.ts';
import { chromaCount, meydaFrame, melBandCount, mfccCount } from './meyda.ts';
import { frameCount, frameSize, hopSize, soundSampleRate } from './sound-frames.ts';
import { spectrumShape } from './spectrum-shape.ts';

/** Descriptors of a sound over time. */
export interface SoundDescriptors {
  readonly frames: number;
  /** [frames, descriptors], columns as in {@link descriptorNames}; a silent frame is NaN throughout. */
  readonly values: Float32Array;
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}_${i}`);
const levelNames = ['rms', 'energy', 'zcr', 'loudness'];
const shapeNames = [
  'centroid',
  'spread',
  'skewness',
  'kurtosis',
  'slope',
  'rolloff',
  'flatness',
  'crest',
  'perceptual_spread',
];

/**
 * Columns of {@link soundDescriptors}:
 * - `rms` of the samples in [-1, 1) under the window, `energy` their sum of squares, `zcr` sign changes a sample;
 * - `loudness`: sum over 24 Bark bands, by meyda; samples in 16-bit steps;
 * - of the amplitude spectrum: `centroid`, `spread`, `rolloff` (99 % of it lie below) in Hz, `skewness`, `kurtosis`, `slope`,
 *   `flatness` and `crest`; `perceptual_spread` of the Bark bands, 0..1;
 * - `mfcc_0..12`, `chroma_0..11` (C to B, largest 1), `mel_0..39` (log of 1 + power; samples in 16-bit steps).
 */
export const descriptorNames: readonly string[] = [
  ...levelNames,
  ...shapeNames,
  ...numbered('mfcc', mfccCount),
  ...numbered('chroma', chromaCount),
  ...numbered('mel', melBandCount),
];

const mel = new MelBands({ bands: melBandCount, coefficients: mfccCount, sampleRate: soundSampleRate, frameSize });
/** Hz from one bin of the spectrum to the next. */
const binWidth = soundSampleRate / frameSize;
const step = 1 / 32_768;
/** Loudest sample of a frame that still counts as silent, in 16-bit steps: what is left of zeros after lossy coding and resampling. */
const silentPeak = 1;

/**
 * Describes mono sound at {@link soundSampleRate}, frame by frame.
 * @param samples -32,768..32,767; fewer than a frame are filled up with zeros
 */
export function soundDescriptors(samples: Int16Array): SoundDescriptors {
  const frames = frameCount(samples.length);
  const width = descriptorNames.length;
  const values = new Float32Array(frames * width).fill(Number.NaN);
  const frame = new Float32Array(frameSize);
  for (let row = 0; row < frames; row++) {
    const part = samples.subarray(row * hopSize, row * hopSize + frameSize);
    if (!part.some((sample) => Math.abs(sample) > silentPeak)) continue;
    frame.fill(0).set(part);
    const described = describe(frame);
    if (described !== undefined) values.set(described, row * width);
  }
  return { frames, values };
}

// In 16-bit steps and not in [-1, 1): meyda takes the logarithm of 1 + power, which would flatten all but the loudest sounds.
function describe(frame: Float32Array): number[] | undefined {
  const {
    rms,
    energy,
    zcr,
    loudness,
    spectralRolloff,
    spectralFlatness,
    spectralCrest,
    perceptualSpread,
    chroma,
    amplitudeSpectrum,
  } = meydaFrame(frame);
  // A lone sample at the frame's edge, where the window is zero.
  if (rms === 0) return undefined;
  const logEnergies = mel.logEnergies(amplitudeSpectrum);
  const { centroid, spread, skewness, kurtosis, slope } = spectrumShape(amplitudeSpectrum);
  return [
    ...[rms * step, energy * step * step, zcr / frameSize, loudness.total],
    ...[
      centroid * binWidth,
      spread * binWidth,
      skewness,
      kurtosis,
      slope,
      spectralRolloff,
      spectralFlatness,
      spectralCrest,
      perceptualSpread,
    ],
    ...mel.cepstrum(logEnergies),
    ...chroma,
    ...logEnergies,
  ];
}
