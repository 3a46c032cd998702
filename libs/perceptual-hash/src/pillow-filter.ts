/** Fraction bits of a fixed-point coefficient: 32 minus 8 for the pixel and 2 for the filter's overshoot. */
export const coefficientBits = 22;

/** How a filter weighs source pixels by their distance. */
export interface FilterKernel {
  /** Half of its width at scale 1, in source pixels. */
  readonly radius: number;
  /** 0 from `radius` on. */
  weight(distance: number): number;
}

const lanczosRadius = 3;
/** Pillow's `Image.LANCZOS`. */
export const lanczosKernel: FilterKernel = {
  radius: lanczosRadius,
  weight: (x) => (x >= -lanczosRadius && x < lanczosRadius ? sinc(x) * sinc(x / lanczosRadius) : 0),
};

/** Which source pixels make each output pixel of one axis, and with which integer weights. */
export interface PillowFilter {
  readonly inputs: number;
  readonly outputs: number;
  /** First source pixel of each output, [outputs]. */
  readonly starts: Int32Array;
  /** How many source pixels each output reads, [outputs]. */
  readonly counts: Int32Array;
  /** Weights times 2^22, [outputs, taps]; a row is zero after its count. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/**
 * The filter that Pillow 9.4 uses to resize one axis of an 8-bit image.
 *
 * Shrinking widens the window by the ratio (antialiasing). Weights are normalised in double precision
 * and then rounded half away from zero, in the same order of operations as `Resample.c`, so that the
 * integers are the same.
 */
export function pillowFilter(inputs: number, outputs: number, kernel: FilterKernel): PillowFilter {
  const scale = inputs / outputs;
  const widening = Math.max(scale, 1);
  const support = kernel.radius * widening;
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputs);
  const counts = new Int32Array(outputs);
  const weights = new Int32Array(outputs * taps);
  const exact = new Float64Array(taps);
  for (let output = 0; output < outputs; output++) {
    const centre = (output + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inputs, Math.trunc(centre + support + 0.5)) - start;
    let total = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel.weight((tap + start - centre + 0.5) * (1 / widening));
      exact[tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < count; tap++) {
      const weight = total === 0 ? exact[tap]! : exact[tap]! / total;
      weights[output * taps + tap] = Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * 2 ** coefficientBits);
    }
    starts[output] = start;
    counts[output] = count;
  }
  return { inputs, outputs, starts, counts, weights, taps };
}

/** {@link pillowFilter} with {@link lanczosKernel}. */
export function lanczosFilter(inputs: number, outputs: number): PillowFilter {
  return pillowFilter(inputs, outputs, lanczosKernel);
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}
