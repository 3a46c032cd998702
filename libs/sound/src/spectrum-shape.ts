/** Shape of an amplitude spectrum, seen as a distribution over its bins. NaN where it is all zero. */
export interface SpectrumShape {
  /** Mean bin. */
  readonly centroid: number;
  /** Standard deviation, in bins. */
  readonly spread: number;
  /** Third standardised moment; 0 for a symmetric spectrum. */
  readonly skewness: number;
  /** Fourth standardised moment; 3 for a bell, larger for a peak with long tails. */
  readonly kurtosis: number;
  /** Change of amplitude a bin by linear regression, as a part of the mean amplitude. */
  readonly slope: number;
}

/**
 * Computed here and not by meyda, whose kurtosis multiplies by the centroid where the formula has its square, and
 * whose slope leaves a factor out of its denominator.
 */
export function spectrumShape(amplitudes: ArrayLike<number>): SpectrumShape {
  const bins = amplitudes.length;
  let sum = 0;
  let first = 0;
  for (let k = 0; k < bins; k++) {
    sum += amplitudes[k] as number;
    first += k * (amplitudes[k] as number);
  }
  const centroid = first / sum;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let k = 0; k < bins; k++) {
    const distance = k - centroid;
    const weighted = ((amplitudes[k] as number) / sum) * distance * distance;
    second += weighted;
    third += weighted * distance;
    fourth += weighted * distance * distance;
  }
  // Regression on the bin number: its mean is (n - 1) / 2, its variance (n^2 - 1) / 12.
  const slope = (centroid - (bins - 1) / 2) / ((bins * bins - 1) / 12);
  return {
    centroid,
    spread: Math.sqrt(second),
    skewness: third / second ** 1.5,
    kurtosis: fourth / second ** 2,
    slope,
  };
}
