import type { Color } from './raster.ts';

/** Colours of everything that is drawn: a dark ground, as pictures of traps are dark. */
export const palette = {
  ground: [20, 22, 26],
  panel: [34, 37, 43],
  faint: [62, 66, 74],
  text: [236, 238, 240],
  dim: [150, 156, 166],
  bit: [110, 190, 255],
  change: [255, 138, 61],
} as const satisfies Record<string, Color>;

const stops: readonly Color[] = [
  [24, 26, 48],
  [52, 62, 140],
  [34, 130, 150],
  [96, 190, 110],
  [250, 230, 90],
];

/** A colour from dark blue to yellow, brighter as the value grows. @param value 0 to 1; what lies beyond is cut off */
export function heat(value: number): Color {
  const position = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(position));
  const [from, to] = [stops[low] as Color, stops[low + 1] as Color];
  const between = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * (position - low));
  return [between(0), between(1), between(2)];
}
