import { MelBands, melBandCentres } from './mel-bands.ts';
import { amplitudeSpectrum } from './meyda.ts';
import { frameCount, frameSize, hopSize, soundSampleRate } from './sound-frames.ts';

/** Bands of a spectrogram, equally far apart on the mel scale, lowest first. */
export const spectrogramBands = 64;
/** Hz at which each band is most sensitive: [{@link spectrogramBands}]. */
export const spectrogramBandHz: readonly number[] = melBandCentres({
  bands: spectrogramBands,
  sampleRate: soundSampleRate,
});
/** The level that is 0, and the one that is 255, in dB below a sine of full scale. */
export const spectrogramRange = { quietest: -100, loudest: 0 } as const;

const mel = new MelBands({ bands: spectrogramBands, coefficients: 0, sampleRate: soundSampleRate, frameSize });
/** Log energy of a sine of full scale under a Hann window, whose sum is half the frame. */
const fullScale = 2 * Math.log((32_768 * frameSize) / 4);
const decibels = 10 / Math.LN10;
/** Frames that a column looks at: of sounds that are longer than some minutes, evenly chosen ones. */
const framesAColumn = 24;

/** How many columns a sound has: one a frame, at most `most`. */
export function spectrogramColumns(samples: number, most: number): number {
  return Math.min(most, frameCount(samples));
}

/**
 * Levels of a sound over time, column by column, so that whoever has other things to do may do them between.
 * @param samples mono at {@link soundSampleRate}, -32,768..32,767
 * @param columns as {@link spectrogramColumns} has it
 * @yields [{@link spectrogramBands}] levels, 0..255 over {@link spectrogramRange}: the loudest that each band gets
 */
export function* soundSpectrogram(samples: Int16Array, columns: number): Generator<Uint8Array, void, undefined> {
  const frames = frameCount(samples.length);
  const frame = new Float32Array(frameSize);
  for (let column = 0; column < columns; column++) {
    const [first, end] = [Math.floor((column * frames) / columns), Math.floor(((column + 1) * frames) / columns)];
    const loudest = new Float64Array(spectrogramBands);
    for (let at = first; at < end; at += Math.max(1, (end - first) / framesAColumn)) {
      const start = Math.floor(at) * hopSize;
      frame.fill(0).set(samples.subarray(start, start + frameSize));
      mel
        .logEnergies(amplitudeSpectrum(frame))
        .forEach((energy, band) => (loudest[band] = Math.max(loudest[band] ?? 0, energy)));
    }
    yield Uint8Array.from(loudest, (energy) => {
      const level = decibels * (energy - fullScale);
      return Math.round(
        (255 *
          (Math.min(spectrogramRange.loudest, Math.max(spectrogramRange.quietest, level)) -
            spectrogramRange.quietest)) /
          (spectrogramRange.loudest - spectrogramRange.quietest),
      );
    });
  }
}
