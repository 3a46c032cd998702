import { furPattern } from '../noise.ts';
import type { Paint } from '../picture.ts';
import { drawLeg, toned, type Animal, type Legs } from './animal.ts';

const hind: Legs = { x: -0.42, y: 0.5, thick: 0.15, thin: 0.11, swing: 0.16, lift: 0.07, bend: -0.02 };
const fore: Legs = { x: 0.36, y: 0.5, thick: 0.14, thin: 0.1, swing: 0.16, lift: 0.07, bend: 0.02 };
const ivory: Paint = { rgb: [236, 226, 200] };
const eye: Paint = { rgb: [30, 26, 24] };

/** Huge and grey: slow, heavy steps, ears that fan, a trunk that sways. */
export const elephant: Animal = {
  size: [0.62, 0.76],
  speed: [0.07, 0.1],
  stride: 0.62,
  hop: 0.012,
  rock: 0.015,
  pauses: 0.3,
  group: [1, 2],
  flies: false,
  nightShare: 0.12,
  dress(rng) {
    const skin: Paint = { rgb: [128, 122, 118], pattern: furPattern(rng, 56, 0.09, 0.5), shade: 0.24 };
    const far = toned(skin, 0.72);
    const leg: Paint = { ...skin, shade: 0.06 };
    const ear = toned(skin, 0.84);
    return (pen, pose) => {
      drawLeg(pen, hind, pose, 0.5, far, 0.12);
      drawLeg(pen, fore, pose, 0, far, 0.12);
      pen.limb(-0.72, 0.75, 0.03, -0.78 + 0.05 * Math.sin(3 * pose.seconds), 0.4, 0.015, far);
      pen.ellipse(-0.26, 0.69, 0.48, 0.345, skin);
      pen.ellipse(0.16, 0.7, 0.5, 0.345, skin);
      drawLeg(pen, hind, pose, 0, leg);
      drawLeg(pen, fore, pose, 0.5, leg);
      pen.ellipse(0.7, 0.83, 0.24, 0.24, skin);
      const sway = Math.sin(2.1 * pose.seconds);
      let x = 0.87;
      let y = 0.8;
      for (let i = 0; i < 6; i++) {
        const bend = 0.22 - 0.06 * i + 0.16 * sway * (i / 5);
        const nextX = x + 0.125 * Math.sin(bend);
        const nextY = y - 0.125 * Math.cos(bend);
        pen.limb(x, y, 0.105 - 0.013 * i, nextX, nextY, 0.092 - 0.013 * i, skin);
        x = nextX;
        y = nextY;
      }
      pen.limb(0.82, 0.68, 0.035, 1.02, 0.56, 0.012, ivory);
      const fan = 0.86 + 0.14 * Math.sin(3.4 * pose.seconds);
      pen.ellipse(0.5, 0.8, 0.2 * fan, 0.28, ear, 0.15);
      pen.ellipse(0.76, 0.88, 0.022, 0.022, eye);
    };
  },
};
