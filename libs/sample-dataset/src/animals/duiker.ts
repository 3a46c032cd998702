import { furPattern } from '../noise.ts';
import type { Paint } from '../picture.ts';
import { drawLeg, toned, type Animal, type Legs } from './animal.ts';

const hind: Legs = { x: -0.36, y: 0.58, thick: 0.1, thin: 0.04, swing: 0.3, lift: 0.16, bend: -0.09 };
const fore: Legs = { x: 0.3, y: 0.55, thick: 0.075, thin: 0.035, swing: 0.3, lift: 0.16, bend: 0.04 };
const white: Paint = { rgb: [248, 240, 228] };
const belly: Paint = { ...white, alpha: 0.8, soft: 4, shade: 0 };
const dark: Paint = { rgb: [34, 24, 20] };

/** A small fox-red antelope with an arched back: darts in hops, stops, darts again. */
export const duiker: Animal = {
  size: [0.4, 0.44],
  speed: [0.2, 0.26],
  stride: 1.25,
  hop: 0.34,
  rock: 0.09,
  pauses: 0.8,
  group: [1, 1],
  flies: false,
  nightShare: 0.12,
  dress(rng) {
    const coat: Paint = { rgb: [188, 74, 26], pattern: furPattern(rng, 60, 0.1, 1), shade: 0.24 };
    const far = toned(coat, 0.7);
    return (pen, pose) => {
      drawLeg(pen, hind, pose, 0.06, far, 0.09);
      drawLeg(pen, fore, pose, 0.56, far, 0.09);
      pen.ellipse(-0.2, 0.72, 0.36, 0.26, coat, -0.12);
      pen.ellipse(0.16, 0.68, 0.32, 0.22, coat, -0.1);
      pen.limb(-0.3, 0.51, 0.03, 0.22, 0.5, 0.03, belly);
      pen.limb(-0.5, 0.8, 0.05, -0.6, 0.66 + 0.12 * Math.sin(9 * pose.seconds), 0.055, white);
      drawLeg(pen, hind, pose, 0, coat);
      drawLeg(pen, fore, pose, 0.5, coat);
      pen.limb(0.36, 0.74, 0.14, 0.56, 0.98, 0.09, coat);
      pen.limb(0.42, 0.66, 0.05, 0.6, 0.86, 0.045, white);
      pen.limb(0.57, 1.02, 0.1, 0.76, 0.93, 0.05, coat);
      pen.ellipse(0.8, 0.92, 0.035, 0.03, dark);
      pen.ellipse(0.49, 1.13, 0.035, 0.09, far, 0.4);
      pen.limb(0.56, 1.1, 0.022, 0.46, 1.25, 0.01, dark);
      pen.ellipse(0.63, 1.04, 0.028, 0.028, dark);
    };
  },
};
