import { furPattern } from '../noise.ts';
import type { Paint } from '../picture.ts';
import { drawLeg, toned, type Animal, type Legs } from './animal.ts';

const leg: Legs = { x: -0.36, y: 0.46, thick: 0.13, thin: 0.085, swing: 0.26, lift: 0.12, bend: 0.08 };
const arm: Legs = { x: 0.34, y: 0.66, thick: 0.11, thin: 0.08, swing: 0.3, lift: 0.14, bend: -0.06 };
const face: Paint = { rgb: [172, 126, 98] };
const eye: Paint = { rgb: [20, 14, 10] };

/** Black and long-armed: walks on its knuckles with a rolling swing, often in company. */
export const chimpanzee: Animal = {
  size: [0.4, 0.48],
  speed: [0.13, 0.19],
  stride: 0.85,
  hop: 0.07,
  rock: 0.13,
  pauses: 0.35,
  group: [3, 3],
  flies: false,
  nightShare: 0,
  dress(rng) {
    const coat: Paint = { rgb: [34, 31, 32], pattern: furPattern(rng, 60, 0.45, 2), shade: 0.45 };
    const far = toned(coat, 0.7);
    return (pen, pose) => {
      drawLeg(pen, leg, pose, 0.5, far, 0.08);
      drawLeg(pen, arm, pose, 0, far, 0.08);
      pen.limb(-0.34, 0.54, 0.22, 0.3, 0.76, 0.25, coat);
      drawLeg(pen, leg, pose, 0, coat);
      drawLeg(pen, arm, pose, 0.5, coat);
      const nod = 0.02 * Math.sin(4 * Math.PI * pose.phase);
      pen.ellipse(0.58, 1 + nod, 0.19, 0.2, coat);
      pen.ellipse(0.51, 1.03 + nod, 0.06, 0.075, face);
      pen.ellipse(0.69, 0.98 + nod, 0.1, 0.13, face, -0.2);
      pen.ellipse(0.77, 0.92 + nod, 0.08, 0.07, toned(face, 1.12));
      pen.ellipse(0.73, 1.03 + nod, 0.022, 0.022, eye);
    };
  },
};
