import { patternSize, type Pattern } from './picture.ts';
import type { Rng } from '@primatrix/rng';

/** 32 mixed bits of a lattice point. */
function lattice(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** Smooth noise, 0 to 1, with features about one unit across; the same for the same point and seed. */
export function smoothNoise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const u = x - x0;
  const v = y - y0;
  const s = u * u * (3 - 2 * u);
  const t = v * v * (3 - 2 * v);
  const top = lattice(x0, y0, seed) * (1 - s) + lattice(x0 + 1, y0, seed) * s;
  const bottom = lattice(x0, y0 + 1, seed) * (1 - s) + lattice(x0 + 1, y0 + 1, seed) * s;
  return top * (1 - t) + bottom * t;
}

/** {@link smoothNoise} of three sizes added up, 0 to 1: clouds, foliage, litter. */
export function roughNoise(x: number, y: number, seed: number): number {
  return (
    (4 * smoothNoise(x, y, seed) + 2 * smoothNoise(2 * x, 2 * y, seed + 1) + smoothNoise(4 * x, 4 * y, seed + 2)) / 7
  );
}

/** Short hair or wrinkles: brightness factors around 1, `depth` up and down, stretched along one side. */
export function furPattern(rng: Rng, texelsPerUnit: number, depth: number, stretch: number): Pattern {
  const seed = rng.uint32();
  const factors = new Float32Array(patternSize * patternSize);
  for (let v = 0; v < patternSize; v++) {
    for (let u = 0; u < patternSize; u++) {
      factors[v * patternSize + u] = 1 + depth * (2 * smoothNoise(u / 2, v / (2 * stretch), seed) - 1);
    }
  }
  return { factors, texelsPerUnit };
}

/** Dark rings with a dusky middle on a jittered grid, as on a leopard's coat. */
export function rosettePattern(rng: Rng, texelsPerUnit: number): Pattern {
  const factors = new Float32Array(patternSize * patternSize).fill(1);
  const cell = 16;
  for (let row = 0; row < patternSize / cell; row++) {
    for (let column = 0; column < patternSize / cell; column++) {
      const cx = (column + 0.5 * (row % 2) + rng.between(0.3, 0.7)) * cell;
      const cy = (row + rng.between(0.35, 0.65)) * cell;
      const radius = rng.between(5, 6.5);
      for (let dy = -8; dy <= 8; dy++) {
        for (let dx = -8; dx <= 8; dx++) {
          const d = Math.hypot(dx, dy);
          if (d > radius) continue;
          const u = Math.round(cx + dx) & (patternSize - 1);
          const v = Math.round(cy + dy) & (patternSize - 1);
          factors[v * patternSize + u] = d > radius * 0.45 ? 0.2 : 0.68;
        }
      }
    }
  }
  return { factors, texelsPerUnit };
}
