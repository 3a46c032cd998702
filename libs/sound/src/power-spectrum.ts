/**
 * Power spectra of real frames of one length, by the fast Fourier transform of Cooley and Tukey (1965), radix 2, in place: even samples
 * are taken for real and odd ones for imaginary parts of a transform of half the length (Cooley, Lewis and Welch, 1970). Meyda has a
 * transform, too, of one frame length for the whole process.
 */
export class PowerSpectrum {
  /** Complex values that are transformed: half the samples of a frame. */
  readonly #half: number;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  /** Of angles from 0 to pi, in steps of a circle's part that a frame has samples. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  /** Where each complex value goes: its place with the bits in reverse. */
  readonly #places: Uint32Array;

  /** @param size samples of a frame, a power of two, at least 2 */
  constructor(size: number) {
    const half = size / 2;
    this.#half = half;
    this.#real = new Float64Array(half);
    this.#imaginary = new Float64Array(half);
    this.#cosines = Float64Array.from({ length: half }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sines = Float64Array.from({ length: half }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
    this.#places = new Uint32Array(half);
    for (let i = 1; i < half; i++) {
      this.#places[i] = ((this.#places[i >> 1] as number) >> 1) | (i & 1 ? half >> 1 : 0);
    }
  }

  /**
   * @param frame [size] samples
   * @param power [size / 2 + 1] is given the squared amplitudes of the bins from 0 to half the sample rate, not scaled
   */
  of(frame: Float64Array, power: Float64Array): void {
    const half = this.#half;
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let i = 0; i < half; i++) {
      const place = this.#places[i] as number;
      real[place] = frame[2 * i] as number;
      imaginary[place] = frame[2 * i + 1] as number;
    }
    for (let width = 1; width < half; width *= 2) this.#join(width);
    for (let k = 0; k <= half; k++) {
      // The halves of what is symmetric around the middle are the spectra of even and of odd samples.
      const a = k === half ? 0 : k;
      const b = k === 0 ? 0 : half - k;
      const evenReal = ((real[a] as number) + (real[b] as number)) / 2;
      const evenImaginary = ((imaginary[a] as number) - (imaginary[b] as number)) / 2;
      const oddReal = ((imaginary[a] as number) + (imaginary[b] as number)) / 2;
      const oddImaginary = ((real[b] as number) - (real[a] as number)) / 2;
      const cosine = k === half ? -1 : (this.#cosines[k] as number);
      const sine = k === half ? 0 : (this.#sines[k] as number);
      const x = evenReal + oddReal * cosine - oddImaginary * sine;
      const y = evenImaginary + oddReal * sine + oddImaginary * cosine;
      power[k] = x * x + y * y;
    }
  }

  /** Makes transforms of 2 `width` values out of pairs of such of `width`. */
  #join(width: number): void {
    const real = this.#real;
    const imaginary = this.#imaginary;
    const cosines = this.#cosines;
    const sines = this.#sines;
    // The tables are of twice as many steps as there are values.
    const stride = this.#half / width;
    for (let start = 0; start < this.#half; start += 2 * width) {
      for (let k = 0, a = start, b = start + width; k < width; k++, a++, b++) {
        const cosine = cosines[k * stride] as number;
        const sine = sines[k * stride] as number;
        const x = real[b] as number;
        const y = imaginary[b] as number;
        const turnedReal = x * cosine - y * sine;
        const turnedImaginary = x * sine + y * cosine;
        const ownReal = real[a] as number;
        const ownImaginary = imaginary[a] as number;
        real[b] = ownReal - turnedReal;
        imaginary[b] = ownImaginary - turnedImaginary;
        real[a] = ownReal + turnedReal;
        imaginary[a] = ownImaginary + turnedImaginary;
      }
    }
  }
}
