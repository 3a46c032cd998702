import type { ClipMetadata } from '@primatrix/contracts';
import type { MetadataFamily } from '@primatrix/families';

/** Prefixes that keep columns of different families apart: `<family>/<column>`. */
export function columnPrefix(family: string): string {
  return `${family}/`;
}

/** First-level results of one clip, as the second level sees them. */
export interface FirstLevel {
  readonly metadata: ClipMetadata;
  /** Summary numbers by feature. */
  readonly rows: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Probabilities by net, in the order of `classes`. */
  readonly nets: ReadonlyMap<string, Float64Array>;
}

/**
 * One clip's row of the feature table, in the order of `columns`; a column that the clip lacks is NaN.
 * In training the same columns come from Parquet tables: a test holds the two together.
 * @returns [columns] float32
 */
export function clipColumns(first: FirstLevel, family: MetadataFamily, classes: readonly string[], columns: readonly string[]): Float32Array {
  const values = new Map<string, number>();
  const add = (prefix: string, record: Readonly<Record<string, number>>) => {
    for (const [name, value] of Object.entries(record)) values.set(columnPrefix(prefix) + name, value);
  };
  add(family.name, family.columns(first.metadata));
  for (const [feature, row] of first.rows) add(feature, row);
  for (const [net, probabilities] of first.nets) {
    classes.forEach((name, i) => values.set(columnPrefix(net) + name, probabilities[i] ?? Number.NaN));
  }
  return Float32Array.from(columns, (name) => values.get(name) ?? Number.NaN);
}
