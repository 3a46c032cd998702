import { Rng } from '@primatrix/rng';

/**
 * Pictures that look like nothing but share the statistics of photographs: smooth noise at several scales,
 * the coarse ones strongest, mostly grey, with brightness and contrast of their own.
 * @returns uint8 [count, size, size, 3], RGB; the same for the same arguments on every machine
 */
export function syntheticPictures(count: number, size: number, seed: number): Uint8Array {
  const pictures = new Uint8Array(count * size * size * 3);
  for (let p = 0; p < count; p++) {
    const rng = Rng.of(seed, 'synthetic-picture', p);
    const brightness = rng.between(70, 180);
    const contrast = rng.between(0.4, 1.2);
    const grey = smoothNoise(rng, size);
    const colours = [smoothNoise(rng, size), smoothNoise(rng, size), smoothNoise(rng, size)];
    for (let i = 0; i < size * size; i++) {
      for (let c = 0; c < 3; c++) {
        const value = brightness + contrast * ((grey[i] as number) + 0.3 * (colours[c]?.[i] as number));
        pictures[(p * size * size + i) * 3 + c] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return pictures;
}

/** Sum of bilinearly enlarged noise grids, cells of size/2 down to 2 pixels, amplitude falling with the cell. */
function smoothNoise(rng: Rng, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let cell = size / 2, amplitude = 60; cell >= 2; cell /= 2, amplitude *= 0.6) {
    const side = Math.ceil(size / cell) + 1;
    const grid = Float64Array.from({ length: side * side }, () => rng.between(-amplitude, amplitude));
    for (let y = 0; y < size; y++) {
      const gy = Math.floor(y / cell);
      const fy = y / cell - gy;
      for (let x = 0; x < size; x++) {
        const gx = Math.floor(x / cell);
        const fx = x / cell - gx;
        const at = (dy: number, dx: number) => grid[(gy + dy) * side + gx + dx] as number;
        out[y * size + x] =
          (out[y * size + x] as number) +
          (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(0, 1)) +
          fy * ((1 - fx) * at(1, 0) + fx * at(1, 1));
      }
    }
  }
  return out;
}
