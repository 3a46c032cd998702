import { type FeatureTable, isNumberColumn } from './feature-table.ts';

/** One row of a data dictionary: what a column is and what it holds. */
export interface DictionaryEntry {
  readonly column: string;
  /** Table or stage that the column is from; null where the table does not say. */
  readonly source: string | null;
  readonly kind: 'number' | 'text';
  /** Share of clips without a value, 0 to 1; 0 for a table without clips. */
  readonly missing: number;
  /** Null for text, and where every value is missing. */
  readonly min: number | null;
  readonly max: number | null;
}

/** Describes every column of a table, in its order. */
export function dataDictionary(table: FeatureTable): DictionaryEntry[] {
  const share = (missing: number) => (table.keys.length === 0 ? 0 : missing / table.keys.length);
  return table.columns.map((column): DictionaryEntry => {
    const entry = { column: column.name, source: column.source ?? null };
    if (!isNumberColumn(column)) {
      return {
        ...entry,
        kind: 'text',
        missing: share(column.text.filter((text) => text === null).length),
        min: null,
        max: null,
      };
    }
    let missing = 0;
    let min: number | null = null;
    let max: number | null = null;
    for (const value of column.values) {
      if (Number.isNaN(value)) {
        missing++;
        continue;
      }
      if (min === null || value < min) min = value;
      if (max === null || value > max) max = value;
    }
    return { ...entry, kind: 'number', missing: share(missing), min, max };
  });
}
