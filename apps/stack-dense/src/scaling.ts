import type { FeatureMatrix } from '@primatrix/families';

/** How columns are brought to a like scale: (value - mean) * factor. */
export interface Scaling {
  readonly mean: readonly number[];
  readonly factor: readonly number[];
}

/** Beyond this many deviations a value says no more than that it is far off. */
const farOff = 5;

/** Mean and deviation of each column over the values that are there; a column that never varies gets the factor 0. */
export function scalingOf({ data, rows, columns }: FeatureMatrix): Scaling {
  const mean: number[] = [];
  const factor: number[] = [];
  for (let column = 0; column < columns.length; column++) {
    let n = 0;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const value = data[row * columns.length + column] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      n += 1;
      sum += value;
      squares += value * value;
    }
    const centre = n === 0 ? 0 : sum / n;
    const variance = n === 0 ? 0 : squares / n - centre * centre;
    mean.push(centre);
    factor.push(variance > 1e-12 * Math.max(1, centre * centre) ? 1 / Math.sqrt(variance) : 0);
  }
  return { mean, factor };
}

/** One row, scaled; missing values become 0, the mean. */
export function scaledRow({ data, columns }: FeatureMatrix, row: number, { mean, factor }: Scaling): Float32Array {
  return Float32Array.from(columns, (_, column) => {
    const value = data[row * columns.length + column] ?? Number.NaN;
    if (!Number.isFinite(value)) return 0;
    return Math.min(farOff, Math.max(-farOff, (value - (mean[column] ?? 0)) * (factor[column] ?? 0)));
  });
}
