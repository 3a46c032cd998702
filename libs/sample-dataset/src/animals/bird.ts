import type { Paint } from '../picture.ts';
import { toned, type Animal } from './animal.ts';

const blue: Paint = { rgb: [22, 96, 232], shade: 0.3 };
const wing: Paint = { rgb: [40, 150, 250] };
const tips: Paint = { rgb: [250, 250, 250] };
const breast: Paint = { rgb: [250, 224, 70] };
const beak: Paint = { rgb: [240, 60, 30] };
const eye: Paint = { rgb: [10, 10, 10] };

/** A flock in blue and yellow: quick flapping passes across the picture, up and down in waves. */
export const bird: Animal = {
  size: [0.3, 0.38],
  speed: [0.34, 0.48],
  stride: 3.2,
  hop: 0,
  rock: 0,
  pauses: 0,
  group: [4, 5],
  flies: true,
  nightShare: 0,
  dress() {
    const farWing = toned(wing, 0.6);
    return (pen, pose) => {
      const beat = Math.sin(2 * Math.PI * pose.phase);
      const wingPolygon = (shift: number, reach: number, root: Paint, tip: Paint): void => {
        const y = reach * beat;
        pen.polygon(
          [0.16 + shift, 0.06, -0.2 + shift, 0.06, -0.24 + shift, 0.06 + 0.62 * y, 0.0 + shift, 0.06 + 0.62 * y],
          root,
        );
        pen.polygon([0.0 + shift, 0.06 + 0.62 * y, -0.24 + shift, 0.06 + 0.62 * y, -0.34 + shift, 0.06 + y], tip);
      };
      wingPolygon(0.08, 0.62, farWing, toned(tips, 0.7));
      pen.polygon([-0.3, 0.06, -0.3, -0.06, -0.72, -0.12, -0.68, 0.08], wing);
      pen.ellipse(0, 0, 0.4, 0.17, blue);
      pen.ellipse(0.08, -0.06, 0.26, 0.1, breast);
      pen.ellipse(0.38, 0.09, 0.14, 0.13, blue);
      pen.polygon([0.48, 0.14, 0.48, 0.03, 0.68, 0.06], beak);
      pen.ellipse(0.42, 0.12, 0.028, 0.028, eye);
      wingPolygon(0, 0.72, wing, tips);
    };
  },
};
