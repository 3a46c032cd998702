import type { Rng } from '@primatrix/rng';

/** How a weight starts; Keras' names. `unitForget`: zeros, but ones in the second quarter (LSTM's forget gate). */
export type Initializer = 'zeros' | 'ones' | 'glorotUniform' | 'orthogonal' | 'unitForget';

/** Draws a weight. Fans follow Keras: the last two sizes times the receptive field before them. */
export function initialize(kind: Initializer, shape: readonly number[], rng: Rng): Float32Array<ArrayBuffer> {
  const size = shape.reduce((a, b) => a * b, 1);
  switch (kind) {
    case 'zeros':
      return new Float32Array(size);
    case 'ones':
      return new Float32Array(size).fill(1);
    case 'unitForget':
      return new Float32Array(size).fill(1, size / 4, size / 2);
    case 'glorotUniform': {
      const [fanIn, fanOut] = fans(shape);
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      return Float32Array.from({ length: size }, () => rng.between(-limit, limit));
    }
    case 'orthogonal':
      return orthogonal(shape, rng);
  }
}

function fans(shape: readonly number[]): [number, number] {
  const receptive = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return [(shape.at(-2) ?? 1) * receptive, (shape.at(-1) ?? 1) * receptive];
}

/** A matrix with orthonormal rows or columns, whichever are fewer: Gram-Schmidt over normal draws, in float64. */
function orthogonal(shape: readonly number[], rng: Rng): Float32Array<ArrayBuffer> {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const v = Float64Array.from({ length }, () => rng.normal());
    // Twice: once leaves rounding errors that grow with the number of vectors.
    for (let round = 0; round < 2; round++) for (const u of vectors) subtractProjection(v, u);
    const norm = Math.sqrt(dot(v, v));
    for (let k = 0; k < length; k++) v[k] = (v[k] as number) / norm;
    vectors.push(v);
  }
  const out = new Float32Array(rows * columns);
  vectors.forEach((v, i) => {
    for (let k = 0; k < length; k++) out[rows <= columns ? i * columns + k : k * columns + i] = v[k] as number;
  });
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

function subtractProjection(v: Float64Array, u: Float64Array): void {
  const share = dot(v, u);
  for (let k = 0; k < v.length; k++) v[k] = (v[k] as number) - share * (u[k] as number);
}
