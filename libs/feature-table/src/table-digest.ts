import { createHash } from 'node:crypto';
import { canonicalJson } from '@primatrix/files';
import { type FeatureTable, isNumberColumn, sortedByKey } from './feature-table.ts';

/**
 * sha256 of what a table holds: filenames, and of each column name, type and values; not the order of its rows, nor how
 * a version of DuckDB lays them out in a file. 64 hexadecimal digits, the same on every little-endian machine.
 */
export function tableDigest(table: FeatureTable): string {
  const { keys, columns } = sortedByKey(table);
  const hash = createHash('sha256').update(canonicalJson(keys));
  for (const column of columns) {
    if (!isNumberColumn(column)) {
      hash.update(canonicalJson([column.name, 'text', column.text]));
      continue;
    }
    const { name, values } = column;
    hash.update(canonicalJson([name, values.constructor.name]));
    // Hashing sees bits: NaN has many, so all become one.
    const plain = values.map((value) => (Number.isNaN(value) ? Number.NaN : value));
    hash.update(new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength));
  }
  return hash.digest('hex');
}
