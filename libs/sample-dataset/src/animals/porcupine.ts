import { furPattern } from '../noise.ts';
import type { Paint } from '../picture.ts';
import { drawLeg, toned, type Animal, type Legs } from './animal.ts';

const hind: Legs = { x: -0.3, y: 0.3, thick: 0.09, thin: 0.07, swing: 0.16, lift: 0.08, bend: 0 };
const fore: Legs = { x: 0.42, y: 0.3, thick: 0.08, thin: 0.06, swing: 0.16, lift: 0.08, bend: 0 };
const ivory: Paint = { rgb: [250, 248, 238], shade: 0, soft: 1 };
const black: Paint = { rgb: [16, 14, 14], shade: 0, soft: 1 };
const eye: Paint = { rgb: [240, 240, 220] };

/** Black with banded white quills standing off its back: waddles low and rattles. */
export const porcupine: Animal = {
  size: [0.42, 0.46],
  speed: [0.09, 0.12],
  stride: 0.42,
  hop: 0.04,
  rock: 0.1,
  pauses: 0.15,
  group: [1, 1],
  flies: false,
  nightShare: 0.8,
  dress(rng) {
    const coat: Paint = { rgb: [42, 36, 34], pattern: furPattern(rng, 60, 0.3, 1), shade: 0.3 };
    const far = toned(coat, 0.7);
    const quills = Array.from({ length: 34 }, (_, i) => ({
      x: 0.34 - 0.92 * (i / 33) + rng.between(-0.03, 0.03),
      lean: 1.2 + 1.55 * (i / 33) + rng.between(-0.12, 0.12),
      length: rng.between(0.5, 0.66),
    }));
    return (pen, pose) => {
      drawLeg(pen, hind, pose, 0.5, far, 0.08);
      drawLeg(pen, fore, pose, 0, far, 0.08);
      pen.ellipse(-0.05, 0.46, 0.56, 0.34, coat);
      drawLeg(pen, hind, pose, 0, coat);
      drawLeg(pen, fore, pose, 0.5, coat);
      pen.ellipse(0.6, 0.44, 0.22, 0.18, coat, -0.3);
      pen.ellipse(0.76, 0.36, 0.09, 0.08, toned(coat, 1.6));
      pen.ellipse(0.66, 0.49, 0.026, 0.026, eye);
      for (const [i, quill] of quills.entries()) {
        const lean = quill.lean + 0.07 * Math.sin(11 * pose.seconds + i);
        const dx = Math.cos(lean);
        const dy = Math.sin(lean);
        const rootY = 0.46 + 0.28 * Math.sqrt(Math.max(0, 1 - ((quill.x + 0.05) / 0.56) ** 2));
        for (let band = 0; band < 4; band++) {
          const a = (quill.length * band) / 4;
          const b = (quill.length * (band + 1)) / 4;
          pen.limb(
            quill.x + dx * a,
            rootY + dy * a,
            0.018,
            quill.x + dx * b,
            rootY + dy * b,
            0.014,
            band % 2 === 0 ? black : ivory,
          );
        }
      }
    };
  },
};
