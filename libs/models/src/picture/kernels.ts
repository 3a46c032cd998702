import { lanczosKernel, type FilterKernel } from '@primatrix/perceptual-hash';
import type { Interpolation } from '../folder/model-card.ts';

/** The filters of Pillow's `Image.resize`, by what a card calls them; ways that do not smooth have none. */
export const kernels: ReadonlyMap<Interpolation, FilterKernel> = new Map<Interpolation, FilterKernel>([
  ['bilinear-antialias', { radius: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) }],
  [
    'bicubic-antialias',
    {
      radius: 2,
      // Keys' cubic with a = -0.5.
      weight(x) {
        const d = Math.abs(x);
        if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
        return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
      },
    },
  ],
  ['lanczos-antialias', lanczosKernel],
]);
