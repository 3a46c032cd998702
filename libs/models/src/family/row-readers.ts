import type { ClipFeatures } from '@primatrix/families';
import type { CardOf } from '../folder/model-card.ts';
import type { Label } from '../folder/labels.ts';
import { ModelError } from '../model-error.ts';
import type { ModelOutput } from '../runtime/model-process.ts';

/** How a model's output becomes one row a look. */
export interface RowReader {
  readonly width: number;
  /** @param count looks of the run; more rows than these are filling */
  read(outputs: ReadonlyMap<string, ModelOutput>, count: number): Float32Array[];
  /** Columns of a clip for the second level. */
  columns(rows: readonly Float32Array[]): Record<string, number>;
}

/** The rows of a clip as its features: [looks, width], and their columns. */
export function rowFeatures(rows: readonly Float32Array[], { width, columns }: RowReader): ClipFeatures {
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(row, i * width));
  return { tensor: { dtype: 'float32', shape: [rows.length, width], data }, row: columns(rows) };
}

/** Embeddings: [n, width], or tokens that are pooled. They have no columns of their own: nets and probes read the vectors. */
export function embeddingReader({ output }: CardOf<'image-encoder' | 'sound-encoder'>): RowReader {
  const { name, pool, width, normalise } = output;
  return {
    width,
    read(outputs, count) {
      const { shape, data } = outputs.get(name) as ModelOutput;
      const tokens = pool === 'none' ? 1 : (shape[1] ?? 0);
      const axes = pool === 'none' ? 2 : 3;
      if (shape.length !== axes || shape.at(-1) !== width || tokens < 1 || data.length < count * tokens * width) {
        throw new ModelError(
          'MODEL_OUTPUT',
          `the encoder's output "${name}" must be ${pool === 'none' ? `[n, ${width}]` : `[n, tokens, ${width}]`}, got [${shape.join(', ')}]`,
          { hint: '"output" of its model.json is of another model' },
        );
      }
      return Array.from({ length: count }, (_, i) => {
        const own = data.subarray(i * tokens * width, (i + 1) * tokens * width);
        const vector =
          pool === 'none' || pool === 'cls' ? own.slice(0, width) : meanToken(own, width, pool === 'mean' ? 0 : 1);
        return normalise ? unit(vector) : vector;
      });
    },
    columns: () => ({}),
  };
}

/** Probabilities by class: [n, classes]. Columns: `<class>_mean`, `_highest`, and `_share` of looks of 0.5 and more. */
export function classReader(
  { output }: CardOf<'image-classifier' | 'sound-classifier'>,
  labels: readonly Label[],
): RowReader {
  const { name, activation } = output;
  return {
    width: labels.length,
    read(outputs, count) {
      const { shape, data } = outputs.get(name) as ModelOutput;
      if (shape.length !== 2 || shape[1] !== labels.length || data.length < count * labels.length) {
        throw new ModelError(
          'MODEL_OUTPUT',
          `the classifier's output "${name}" must be [n, ${labels.length}] as it has ${labels.length} labels, got [${shape.join(', ')}]`,
          { hint: 'its labels are of another model' },
        );
      }
      return Array.from({ length: count }, (_, i) =>
        activated(data.subarray(i * labels.length, (i + 1) * labels.length), activation),
      );
    },
    columns: (rows) =>
      Object.fromEntries(
        labels.flatMap(({ name: label }, i) => {
          const values = rows.map((row) => row[i] as number);
          if (values.length === 0) return [];
          return [
            [`${label}_mean`, values.reduce((sum, value) => sum + value, 0) / values.length],
            [`${label}_highest`, Math.max(...values)],
            [`${label}_share`, values.filter((value) => value >= 0.5).length / values.length],
          ];
        }),
      ),
  };
}

function activated(values: Float32Array, activation: 'softmax' | 'sigmoid' | 'none'): Float32Array {
  if (activation === 'none') return values.slice();
  if (activation === 'sigmoid') return values.map((value) => 1 / (1 + Math.exp(-value)));
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(values, (value) => Math.exp(value - highest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return Float32Array.from(powers, (value) => value / total);
}

function meanToken(tokens: Float32Array, width: number, first: number): Float32Array {
  const count = tokens.length / width - first;
  const sums = new Float64Array(width);
  for (let t = first; t < first + count; t++) {
    for (let i = 0; i < width; i++) sums[i] = (sums[i] as number) + (tokens[t * width + i] as number);
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(1, count));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
