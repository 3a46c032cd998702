/** A triangular filter over the bins of a spectrum: its first bin, and its weights from there. */
export interface MelFilter {
  readonly start: number;
  readonly weights: Float64Array;
}

/** What a filter lets through of a spectrum. */
export function filtered({ start, weights }: MelFilter, spectrum: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (spectrum[start + i] as number);
  return sum;
}

/**
 * How filters are spread and shaped:
 * - `slaney`: Auditory Toolbox, librosa's default: linear up to 1000 Hz, logarithmic above; triangles in Hz, each of area 1;
 * - `kaldi`: 1127 ln(1 + f / 700); triangles on the mel scale, their peaks 1.
 */
export type MelRule = 'slaney' | 'kaldi';

const linearHzAMel = 200 / 3;
const linearUpTo = 1000;
const logStep = Math.log(6.4) / 27;
const scales = {
  slaney: {
    toMel: (hz: number) =>
      hz < linearUpTo ? hz / linearHzAMel : linearUpTo / linearHzAMel + Math.log(hz / linearUpTo) / logStep,
    toHz: (mel: number) =>
      mel < linearUpTo / linearHzAMel
        ? mel * linearHzAMel
        : linearUpTo * Math.exp((mel - linearUpTo / linearHzAMel) * logStep),
  },
  kaldi: {
    toMel: (hz: number) => 1127 * Math.log(1 + hz / 700),
    toHz: (mel: number) => 700 * (Math.exp(mel / 1127) - 1),
  },
} as const;

/**
 * Filters whose peaks lie equally far apart on the mel scale between two frequencies. A filter that is narrower than a bin may have no
 * weights at all, as with the libraries that the rules are of.
 * @param options `low` and `high` in Hz; `fftSize` samples a spectrum of half as many bins and one
 */
export function melFilters({
  rule,
  bins,
  low,
  high,
  fftSize,
  sampleRate,
}: {
  readonly rule: MelRule;
  readonly bins: number;
  readonly low: number;
  readonly high: number;
  readonly fftSize: number;
  readonly sampleRate: number;
}): MelFilter[] {
  const { toMel, toHz } = scales[rule];
  const [first, last] = [toMel(low), toMel(high)];
  // On which axis the triangles are straight.
  const place = rule === 'kaldi' ? toMel : (hz: number) => hz;
  const edges = Array.from({ length: bins + 2 }, (_, i) => {
    const mel = first + (i * (last - first)) / (bins + 1);
    return rule === 'kaldi' ? mel : toHz(mel);
  });
  const places = Array.from({ length: fftSize / 2 + 1 }, (_, k) => place((k * sampleRate) / fftSize));
  return Array.from({ length: bins }, (_, band) => {
    const [left, centre, right] = edges.slice(band, band + 3) as [number, number, number];
    const scale = rule === 'slaney' ? 2 / (right - left) : 1;
    const all = places.map((at) =>
      Math.max(0, scale * Math.min((at - left) / (centre - left), (right - at) / (right - centre))),
    );
    const start = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    const end = all.findLastIndex((weight) => weight > 0) + 1;
    return { start, weights: Float64Array.from(all.slice(start, end)) };
  });
}
