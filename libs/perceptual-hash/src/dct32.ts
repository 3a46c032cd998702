/** Side of the thumbnail that pHash transforms. */
export const dctSize = 32;

/** Coefficients kept along each axis: the lowest frequencies. */
export const keptSize = 8;

/**
 * cos(2πk/128) for k = 0..31, cos(2πk/32) and sin(2πk/32) for k = 0..7. Written out, not computed:
 * pocketfft makes the first table of products of doubles, so some are one unit off in the last place,
 * and `Math.cos` need not agree with C's either.
 */
// prettier-ignore
const cosines128 = [
  1, 0.9987954562051724, 0.9951847266721969, 0.989176509964781,
  0.9807852804032304, 0.970031253194544, 0.9569403357322088, 0.9415440651830208,
  0.9238795325112867, 0.9039892931234433, 0.881921264348355, 0.8577286100002721,
  0.8314696123025452, 0.8032075314806449, 0.773010453362737, 0.7409511253549591,
  0.7071067811865475, 0.6715589548470183, 0.6343932841636455, 0.5956993044924332,
  0.5555702330196022, 0.5141027441932217, 0.47139673682599753, 0.42755509343028203,
  0.38268343236508967, 0.33688985339221994, 0.2902846772544623, 0.24298017990326393,
  0.19509032201612825, 0.14673047445536164, 0.09801714032956049, 0.04906767432741799,
];
// prettier-ignore
const cosines32 = [
  1, 0.9807852804032304, 0.9238795325112867, 0.8314696123025452,
  0.7071067811865475, 0.5555702330196022, 0.3826834323650898, 0.19509032201612825,
];
// prettier-ignore
const sines32 = [
  0, 0.19509032201612825, 0.3826834323650898, 0.5555702330196022,
  0.7071067811865476, 0.8314696123025452, 0.9238795325112867, 0.9807852804032304,
];

const [real2, imaginary2] = [cosines32[2]!, sines32[2]!];
const [real4, imaginary4] = [cosines32[4]!, sines32[4]!];
const [real6, imaginary6] = [cosines32[6]!, sines32[6]!];
const sqrt2 = 1.4142135623730951;

/**
 * Two-dimensional DCT-II (unnormalised, as `scipy.fftpack.dct` along axis 0 and then axis 1) of 32x32
 * values, of which the 8x8 lowest frequencies are kept.
 *
 * The sums run in the order of pocketfft, the library under SciPy (real backward FFT of 32 as radix
 * 2, 4, 4 around the DCT's butterflies), so the doubles are the same to the last bit. That decides the
 * hash of flat and symmetric images, where coefficients are zero but for rounding.
 */
export class LowFrequencyDct {
  readonly #columns = new Float64Array(keptSize * dctSize);
  readonly #line = new Float64Array(dctSize);
  readonly #spare = new Float64Array(dctSize);

  /**
   * @param pixels [32, 32], row-major
   * @param coefficients receives [8, 8], row-major: vertical frequency, then horizontal
   */
  transform(pixels: ArrayLike<number>, coefficients: Float64Array): void {
    const columns = this.#columns;
    const line = this.#line;
    for (let x = 0; x < dctSize; x++) {
      for (let y = 0; y < dctSize; y++) line[y] = pixels[y * dctSize + x]!;
      transformLine(line, this.#spare);
      for (let v = 0; v < keptSize; v++) columns[v * dctSize + x] = line[v]!;
    }
    for (let v = 0; v < keptSize; v++) {
      line.set(columns.subarray(v * dctSize, (v + 1) * dctSize));
      transformLine(line, this.#spare);
      for (let u = 0; u < keptSize; u++) coefficients[v * keptSize + u] = line[u]!;
    }
  }
}

/** DCT-II of 32 values in place, of which only the first 8 are finished; `h` is scratch. */
function transformLine(c: Float64Array, h: Float64Array): void {
  c[0]! *= 2;
  c[31]! *= 2;
  for (let k = 1; k < 31; k += 2) {
    const left = c[k]!;
    const right = c[k + 1]!;
    c[k + 1] = right - left;
    c[k] = right + left;
  }
  radix2(c, h);
  radix4(h, c);
  lastRadix4(c, h);
  c[0] = h[0]!;
  for (let k = 1; k < keptSize; k++) {
    const [near, far] = [cosines128[k]!, cosines128[dctSize - k]!];
    const sum = near * h[dctSize - k]! + far * h[k]!;
    const difference = near * h[k]! - far * h[dctSize - k]!;
    c[k] = 0.5 * (sum + difference);
  }
}

/** One half-complex sequence of 32 into two of 16. */
function radix2(c: Float64Array, h: Float64Array): void {
  h[0] = c[0]! + c[31]!;
  h[16] = c[0]! - c[31]!;
  h[15] = 2 * c[15]!;
  h[31] = -2 * c[16]!;
  for (let i = 2; i < 16; i += 2) {
    const mirror = 32 - i;
    h[i - 1] = c[i - 1]! + c[mirror - 1]!;
    h[i] = c[i]! - c[mirror]!;
    const real = c[i - 1]! - c[mirror - 1]!;
    const imaginary = c[i]! + c[mirror]!;
    const wr = cosines32[i >> 1]!;
    const wi = sines32[i >> 1]!;
    h[i + 16] = wr * imaginary + wi * real;
    h[i + 15] = wr * real - wi * imaginary;
  }
}

/** Two half-complex sequences of 16 into eight of 4. */
function radix4(h: Float64Array, g: Float64Array): void {
  for (let k = 0; k < 2; k++) {
    const from = 16 * k;
    const to = 4 * k;
    let tr2 = h[from]! + h[from + 15]!;
    let tr1 = h[from]! - h[from + 15]!;
    let tr3 = 2 * h[from + 7]!;
    let tr4 = 2 * h[from + 8]!;
    g[to] = tr2 + tr3;
    g[to + 16] = tr2 - tr3;
    g[to + 24] = tr1 + tr4;
    g[to + 8] = tr1 - tr4;

    let ti1 = h[from + 12]! + h[from + 4]!;
    let ti2 = h[from + 12]! - h[from + 4]!;
    tr2 = h[from + 3]! + h[from + 11]!;
    tr1 = h[from + 3]! - h[from + 11]!;
    g[to + 3] = tr2 + tr2;
    g[to + 11] = sqrt2 * (tr1 - ti1);
    g[to + 19] = ti2 + ti2;
    g[to + 27] = -sqrt2 * (tr1 + ti1);

    tr2 = h[from + 1]! + h[from + 13]!;
    tr1 = h[from + 1]! - h[from + 13]!;
    ti1 = h[from + 2]! + h[from + 14]!;
    ti2 = h[from + 2]! - h[from + 14]!;
    tr4 = h[from + 10]! + h[from + 6]!;
    const ti3 = h[from + 10]! - h[from + 6]!;
    tr3 = h[from + 9]! + h[from + 5]!;
    const ti4 = h[from + 9]! - h[from + 5]!;
    g[to + 1] = tr2 + tr3;
    g[to + 2] = ti2 + ti3;
    const cr3 = tr2 - tr3;
    const ci3 = ti2 - ti3;
    const cr4 = tr1 + tr4;
    const cr2 = tr1 - tr4;
    const ci2 = ti1 + ti4;
    const ci4 = ti1 - ti4;
    g[to + 10] = real2 * ci2 + imaginary2 * cr2;
    g[to + 9] = real2 * cr2 - imaginary2 * ci2;
    g[to + 18] = real4 * ci3 + imaginary4 * cr3;
    g[to + 17] = real4 * cr3 - imaginary4 * ci3;
    g[to + 26] = real6 * ci4 + imaginary6 * cr4;
    g[to + 25] = real6 * cr4 - imaginary6 * ci4;
  }
}

/** Eight sequences of 4 into the 32 values; no twiddles are left to apply. */
function lastRadix4(g: Float64Array, c: Float64Array): void {
  for (let k = 0; k < 8; k++) {
    const from = 4 * k;
    const tr2 = g[from]! + g[from + 3]!;
    const tr1 = g[from]! - g[from + 3]!;
    const tr3 = 2 * g[from + 1]!;
    const tr4 = 2 * g[from + 2]!;
    c[k] = tr2 + tr3;
    c[k + 16] = tr2 - tr3;
    c[k + 24] = tr1 + tr4;
    c[k + 8] = tr1 - tr4;
  }
}
