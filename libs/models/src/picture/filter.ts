import type { Interpolation } from '../folder/model-card.ts';

/** Fraction bits of a weight: 32 minus 8 for the pixel and 2 for what a filter may overshoot. */
export const weightBits = 22;

/** Half-width in source pixels at scale 1, and weight by distance. */
interface Kernel {
  readonly support: number;
  weight(distance: number): number;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const kernels: ReadonlyMap<Interpolation, Kernel> = new Map<Interpolation, Kernel>([
  ['bilinear-antialias', { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) }],
  [
    'bicubic-antialias',
    {
      support: 2,
      // Keys' cubic with a = -0.5.
      weight(x) {
        const d = Math.abs(x);
        if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
        return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
      },
    },
  ],
  ['lanczos-antialias', { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) }],
]);

/** Which source pixels make an output pixel of one axis, and with which weights times 2^22. */
export interface Taps {
  readonly start: number;
  readonly weights: Int32Array;
}

/**
 * The taps of one axis as Pillow's `Image.resize` has them: shrinking widens the filter by the ratio, and weights are rounded to 22
 * bits. Undefined for ways that do not smooth.
 */
export function axisTaps(from: number, to: number, interpolation: Interpolation): Taps[] | undefined {
  const kernel = kernels.get(interpolation);
  if (kernel === undefined) return undefined;
  const scale = from / to;
  const widening = Math.max(scale, 1);
  const support = kernel.support * widening;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const exact = Array.from({ length: end - start }, (_unused, k) =>
      kernel.weight((start + k - centre + 0.5) / widening),
    );
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    return { start, weights: Int32Array.from(exact, (weight) => rounded((weight / total) * 2 ** weightBits)) };
  });
}

/** Half away from zero, as C's cast of x ± 0.5. */
function rounded(value: number): number {
  return Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
}
