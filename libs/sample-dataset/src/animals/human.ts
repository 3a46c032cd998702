import { furPattern } from '../noise.ts';
import type { Paint, Rgb } from '../picture.ts';
import { drawLeg, toned, type Animal, type Legs } from './animal.ts';

const leg: Legs = { x: 0, y: 0.5, thick: 0.062, thin: 0.04, swing: 0.15, lift: 0.06, bend: 0.025 };
const skin: Paint = { rgb: [134, 88, 62] };
const strap: Paint = { rgb: [250, 246, 190], shade: 0 };
const shirts: readonly Rgb[] = [
  [232, 96, 28],
  [238, 70, 48],
  [240, 128, 30],
];

/** Upright and tall, in a bright vest with a light band: an even walk, arms swinging. */
export const human: Animal = {
  size: [0.7, 0.8],
  speed: [0.14, 0.18],
  stride: 0.5,
  hop: 0.02,
  rock: 0.01,
  pauses: 0.25,
  group: [2, 2],
  flies: false,
  nightShare: 0,
  dress(rng) {
    const vest: Paint = { rgb: rng.pick(shirts), pattern: furPattern(rng, 60, 0.06, 1), shade: 0.15 };
    const trousers: Paint = { rgb: [46, 66, 126], shade: 0.2 };
    const pack: Paint = { rgb: [70, 60, 44], shade: 0.25 };
    return (pen, pose) => {
      const swing = Math.cos(2 * Math.PI * pose.phase) * pose.effort;
      drawLeg(pen, leg, pose, 0.5, toned(trousers, 0.7));
      pen.limb(0.01, 0.76, 0.035, -0.01 + 0.1 * swing, 0.48, 0.026, toned(vest, 0.7));
      pen.limb(-0.1, 0.78, 0.075, -0.11, 0.6, 0.085, pack);
      drawLeg(pen, leg, pose, 0, trousers);
      pen.limb(0, 0.54, 0.082, 0.01, 0.76, 0.092, vest);
      pen.limb(-0.07, 0.64, 0.016, 0.09, 0.64, 0.016, strap);
      pen.limb(-0.07, 0.72, 0.016, 0.09, 0.72, 0.016, strap);
      pen.limb(0.01, 0.77, 0.042, 0.0 - 0.1 * swing, 0.6, 0.034, toned(vest, 0.9));
      pen.limb(0.0 - 0.1 * swing, 0.6, 0.028, 0.05 - 0.13 * swing, 0.48, 0.026, skin);
      pen.limb(0.02, 0.83, 0.035, 0.02, 0.87, 0.035, skin);
      pen.ellipse(0.03, 0.92, 0.062, 0.075, skin);
      pen.limb(-0.05, 0.965, 0.018, 0.13, 0.955, 0.012, pack);
      pen.ellipse(0.025, 0.985, 0.062, 0.035, pack);
    };
  },
};
