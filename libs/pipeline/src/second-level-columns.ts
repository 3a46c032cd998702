import type { FeatureMatrix, MetadataFamily } from '@primatrix/families';
import type { FirstLevelRecord } from './predict/first-level-record.ts';

/** Prefixes that keep columns of different families apart: `<family>/<column>`. */
export function columnPrefix(family: string): string {
  return `${family}/`;
}

/** What a matrix is made for. */
export interface ClipMatrixOptions {
  readonly metadata: MetadataFamily;
  readonly classes: readonly string[];
  /** Names of the columns, as in training. */
  readonly columns: readonly string[];
}

/**
 * Rows of the feature table, one a record; a column that a clip lacks is NaN.
 * In training the same columns come from Parquet tables: a test holds the two together.
 */
export function clipMatrix(records: readonly FirstLevelRecord[], { metadata, classes, columns }: ClipMatrixOptions): FeatureMatrix {
  const data = new Float32Array(records.length * columns.length);
  for (const [row, record] of records.entries()) {
    const values = new Map<string, number>();
    const add = (prefix: string, named: Readonly<Record<string, number | null>>) => {
      for (const [name, value] of Object.entries(named)) if (value !== null) values.set(columnPrefix(prefix) + name, value);
    };
    if (record.metadata !== null) add(metadata.name, metadata.columns(record.metadata));
    for (const [feature, numbers] of Object.entries(record.rows)) add(feature, numbers);
    for (const [net, probabilities] of Object.entries(record.nets)) add(net, Object.fromEntries(classes.map((name, i) => [name, probabilities[i] ?? null])));
    columns.forEach((name, i) => (data[row * columns.length + i] = values.get(name) ?? Number.NaN));
  }
  return { data, rows: records.length, columns };
}
