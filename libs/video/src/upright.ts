import type { Orientation } from './exif.ts';

/** Whether turning upright swaps width and height. */
export function liesSideways(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** ffmpeg's filters that turn a picture upright. */
export const uprightFilters: Readonly<Record<Orientation, readonly string[]>> = {
  1: [],
  2: ['hflip'],
  3: ['hflip', 'vflip'],
  4: ['vflip'],
  5: ['transpose=cclock_flip'],
  6: ['transpose=clock'],
  7: ['transpose=clock_flip'],
  8: ['transpose=cclock'],
};
