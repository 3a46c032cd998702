import { rosettePattern } from '../noise.ts';
import type { Paint } from '../picture.ts';
import { drawLeg, toned, type Animal, type Legs } from './animal.ts';

const hind: Legs = { x: -0.58, y: 0.66, thick: 0.14, thin: 0.065, swing: 0.24, lift: 0.08, bend: -0.09 };
const fore: Legs = { x: 0.42, y: 0.64, thick: 0.12, thin: 0.065, swing: 0.24, lift: 0.08, bend: 0.03 };
const cream: Paint = { rgb: [244, 228, 196] };
const belly: Paint = { ...cream, alpha: 0.6, soft: 5, shade: 0 };
const dark: Paint = { rgb: [40, 28, 20] };
const eye: Paint = { rgb: [250, 250, 190] };

/** Golden with rosettes, long and low: prowls smoothly, its tail waving behind. */
export const leopard: Animal = {
  size: [0.42, 0.46],
  speed: [0.12, 0.15],
  stride: 1.0,
  hop: 0.015,
  rock: 0.02,
  pauses: 0.2,
  group: [1, 1],
  flies: false,
  nightShare: 0.28,
  dress(rng) {
    const coat: Paint = { rgb: [222, 160, 74], pattern: rosettePattern(rng, 92), shade: 0.24 };
    const far = toned(coat, 0.7);
    return (pen, pose) => {
      let x = -0.78;
      let y = 0.86;
      for (let i = 0; i < 7; i++) {
        const angle = -0.5 + 0.22 * i + 0.3 * Math.sin(2.6 * pose.seconds - 0.6 * i);
        const nextX = x - 0.14 * Math.cos(angle);
        const nextY = y + 0.14 * Math.sin(angle);
        pen.limb(x, y, 0.06, nextX, nextY, 0.055, i === 6 ? dark : coat);
        x = nextX;
        y = nextY;
      }
      drawLeg(pen, hind, pose, 0.5, far, 0.1);
      drawLeg(pen, fore, pose, 0.25, far, 0.1);
      pen.limb(-0.58, 0.78, 0.225, 0.45, 0.77, 0.25, coat);
      pen.limb(-0.35, 0.585, 0.035, 0.3, 0.575, 0.035, belly);
      drawLeg(pen, hind, pose, 0, coat);
      drawLeg(pen, fore, pose, 0.75, coat);
      pen.limb(0.5, 0.82, 0.19, 0.8, 0.92, 0.15, coat);
      pen.ellipse(0.75, 1.1, 0.06, 0.075, dark);
      pen.ellipse(0.88, 0.95, 0.17, 0.165, coat);
      pen.ellipse(1.0, 0.88, 0.09, 0.075, cream);
      pen.ellipse(1.08, 0.91, 0.03, 0.03, dark);
      pen.ellipse(0.94, 1.0, 0.028, 0.028, eye);
    };
  },
};
