import { filtered, melFilters, type MelFilter, type MelRule } from './mel-filter.ts';
import { PowerSpectrum } from './power-spectrum.ts';

/** How sound becomes logarithms of mel bands over time, as a net was trained with. */
export interface LogMelSettings {
  readonly rule: MelRule;
  /** Bands, between these frequencies in Hz. */
  readonly bins: number;
  readonly low: number;
  readonly high: number;
  /** Samples of a Fourier transform, a power of two, and of the window in it, which may be shorter. */
  readonly fftSize: number;
  readonly windowSize: number;
  /** `hann` as for filtering, one sample short of symmetric (`scipy.signal.get_window`), or `hann-symmetric`. */
  readonly window: 'hann' | 'hann-symmetric';
  /** Samples from one frame to the next. */
  readonly hop: number;
  /**
   * Frames are centred on samples 0, hop, …, and what lies outside the sound is its mirror image (`reflect`) or zero (`zeros`); with
   * `none` the first window begins with the sound, and only whole ones are taken.
   */
  readonly pad: 'reflect' | 'zeros' | 'none';
  /** y[i] = x[i + 1] - preEmphasis * x[i], one sample shorter than x; 0: none. */
  readonly preEmphasis: number;
  /** Of amplitudes (1), or of their squares (2). */
  readonly power: 1 | 2;
  /** Logarithm of the band plus `plus`, or of the band, at least `atLeast`. */
  readonly log: { readonly base: 'e' | '10' } & ({ readonly plus: number } | { readonly atLeast: number });
  /** What is taken off the logarithm, and what it is then divided by. */
  readonly normalise: { readonly mean: number; readonly deviation: number };
}

/** Frames that a spectrogram of so many samples has. */
export function melFrames({ preEmphasis, pad, windowSize, hop }: LogMelSettings, samples: number): number {
  const left = preEmphasis === 0 ? samples : samples - 1;
  return Math.max(0, 1 + Math.floor((pad === 'none' ? left - windowSize : left) / hop));
}

/** A 16-bit sample in [-1, 1). */
const step = 1 / 32_768;

/** Log-mel spectrograms as libraries of Python make them for nets: librosa, torchaudio, and what builds on `torch.stft`. */
export class LogMel {
  readonly #settings: LogMelSettings;
  readonly #filters: readonly MelFilter[];
  readonly #window: Float64Array;
  readonly #spectrum: PowerSpectrum;

  constructor(settings: LogMelSettings, sampleRate: number) {
    this.#settings = settings;
    this.#filters = melFilters({ ...settings, sampleRate });
    const { windowSize, window, fftSize } = settings;
    const period = window === 'hann' ? windowSize : windowSize - 1;
    this.#window = Float64Array.from(
      { length: windowSize },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / Math.max(1, period)),
    );
    this.#spectrum = new PowerSpectrum(fftSize);
  }

  /**
   * @param samples mono at the sample rate of this, -32,768..32,767
   * @returns [bins, {@link melFrames}], lowest band first
   */
  of(samples: Int16Array): Float32Array {
    const { bins, fftSize, windowSize, hop, pad, power: exponent } = this.#settings;
    const frames = melFrames(this.#settings, samples.length);
    const before = pad === 'none' ? 0 : fftSize / 2 - Math.floor((fftSize - windowSize) / 2);
    const signal = this.#padded(samples, before, before + (frames - 1) * hop + windowSize);
    const window = this.#window;
    const frame = new Float64Array(fftSize);
    const spectrum = new Float64Array(fftSize / 2 + 1);
    const out = new Float32Array(bins * frames);
    for (let t = 0; t < frames; t++) {
      // Where in the frame the window lies changes phases only.
      for (let i = 0; i < windowSize; i++) frame[i] = (window[i] as number) * (signal[t * hop + i] as number);
      this.#spectrum.of(frame, spectrum);
      if (exponent === 1) for (let k = 0; k < spectrum.length; k++) spectrum[k] = Math.sqrt(spectrum[k] as number);
      for (let b = 0; b < bins; b++) {
        out[b * frames + t] = this.#scaled(filtered(this.#filters[b] as MelFilter, spectrum));
      }
    }
    return out;
  }

  /** The sound in [-1, 1), emphasised, `before` samples of padding in front of it, [length]. */
  #padded(samples: Int16Array, before: number, length: number): Float64Array {
    const { preEmphasis, pad } = this.#settings;
    const own = preEmphasis === 0 ? samples.length : samples.length - 1;
    const signal = new Float64Array(Math.max(0, length));
    for (let i = 0; i < signal.length; i++) {
      const at = sourceOf(i - before, own, pad);
      if (at === undefined) continue;
      signal[i] =
        preEmphasis === 0
          ? (samples[at] as number) * step
          : ((samples[at + 1] as number) - preEmphasis * (samples[at] as number)) * step;
    }
    return signal;
  }

  #scaled(band: number): number {
    const { log, normalise } = this.#settings;
    const value = 'plus' in log ? band + log.plus : Math.max(log.atLeast, band);
    return ((log.base === 'e' ? Math.log(value) : Math.log10(value)) - normalise.mean) / normalise.deviation;
  }
}

/** Which of `length` samples stands at a place that may lie outside; undefined where silence does. */
function sourceOf(place: number, length: number, pad: LogMelSettings['pad']): number | undefined {
  if (place >= 0 && place < length) return place;
  if (pad !== 'reflect' || length < 2) return undefined;
  const period = 2 * (length - 1);
  const within = ((place % period) + period) % period;
  return Math.min(within, period - within);
}
