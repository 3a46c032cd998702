/**
 * Amplitude spectra of frames of one length under a window: the fast Fourier transform of Cooley and Tukey, radix 2, every
 * product and sum as `fftjs` has them, which meyda uses and which makes an object of every number: the same bits in a
 * fifteenth of the time. For power spectra there is `PowerSpectrum`, with half of the products and other bits.
 */
export class AmplitudeSpectrum {
  readonly #window: Float32Array;
  /** The frame under the window, [size]; overwritten by the next. */
  readonly windowed: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  /** Turning factors, stage by stage: of `half` values they begin at `half - 1`. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  /** Where each sample goes: its place with the bits in reverse. */
  readonly #places: Uint32Array;

  /** @param window [size], a power of two */
  constructor(window: Float32Array) {
    const size = window.length;
    this.#window = window;
    this.windowed = new Float64Array(size);
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
    this.#cosines = new Float64Array(size - 1);
    this.#sines = new Float64Array(size - 1);
    for (let half = 1; half < size; half *= 2) {
      for (let k = 0; k < half; k++) {
        const angle = (-2 * Math.PI * k) / (2 * half);
        this.#cosines[half - 1 + k] = Math.cos(angle);
        this.#sines[half - 1 + k] = Math.sin(angle);
      }
    }
    this.#places = new Uint32Array(size);
    for (let i = 1; i < size; i++) {
      this.#places[i] = ((this.#places[i >> 1] as number) >> 1) | (i & 1 ? size >> 1 : 0);
    }
  }

  /**
   * @param frame [size] samples
   * @returns [size / 2] amplitudes, not scaled
   */
  of(frame: Float32Array): Float32Array {
    const real = this.#real;
    const imaginary = this.#imaginary;
    const size = real.length;
    for (let i = 0; i < size; i++) {
      const sample = (frame[i] as number) * (this.#window[i] as number);
      this.windowed[i] = sample;
      real[this.#places[i] as number] = sample;
    }
    imaginary.fill(0);
    for (let half = 1; half < size; half *= 2) this.#join(half);
    const amplitudes = new Float32Array(size / 2);
    for (let i = 0; i < amplitudes.length; i++) {
      amplitudes[i] = Math.sqrt((real[i] as number) ** 2 + (imaginary[i] as number) ** 2);
    }
    return amplitudes;
  }

  /** Makes transforms of 2 `half` values out of pairs of such of `half`. */
  #join(half: number): void {
    const real = this.#real;
    const imaginary = this.#imaginary;
    const cosines = this.#cosines;
    const sines = this.#sines;
    const size = real.length;
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0, even = start, odd = start + half; k < half; k++, even++, odd++) {
        const cosine = cosines[half - 1 + k] as number;
        const sine = sines[half - 1 + k] as number;
        const x = real[odd] as number;
        const y = imaginary[odd] as number;
        const turnedReal = cosine * x - sine * y;
        const turnedImaginary = cosine * y + sine * x;
        const ownReal = real[even] as number;
        const ownImaginary = imaginary[even] as number;
        real[odd] = ownReal - turnedReal;
        imaginary[odd] = ownImaginary - turnedImaginary;
        real[even] = turnedReal + ownReal;
        imaginary[even] = turnedImaginary + ownImaginary;
      }
    }
  }
}
