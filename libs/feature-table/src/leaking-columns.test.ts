import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { leakingColumns } from './leaking-columns.ts';

const rng = new Rng(1);
const rows = 200;
const label = Array.from({ length: rows }, (_, row) => row % 3);
const labels = Uint8Array.from(label.flatMap((c) => [0, 1, 2].map((other) => (other === c ? 1 : 0))));
const keys = label.map((_, row) => `clip ${row}`);
const column = (name: string, of: (row: number) => number) => ({
  name,
  source: 'metadata',
  values: Float64Array.from(keys, (_, row) => of(row)),
});
const table = {
  keys,
  columns: [
    column('noise', () => rng.uniform()),
    column('archive', (row) => -1000 * (label[row] ?? 0) + rng.uniform()),
    column('lacking', (row) => (label[row] === 1 ? Number.NaN : rng.uniform())),
    column('good', (row) => (label[row] === 2 ? 0.6 : 0.4) * rng.uniform()),
    { name: 'status', text: keys },
  ],
};

describe('leakingColumns', () => {
  it('names columns that give a class away, by what they say or lack', () => {
    expect(leakingColumns(table, labels, ['a', 'b', 'c'])).toEqual([
      { column: 'archive', source: 'metadata', class: 'a', auc: 1 },
      { column: 'lacking', source: 'metadata', class: 'b', auc: 1 },
    ]);
    const [best] = leakingColumns({ keys, columns: table.columns.slice(3, 4) }, labels, ['a', 'b', 'c'], { auc: 0.6 });
    expect(best).toMatchObject({ class: 'c' });
    expect(best?.auc).toBeGreaterThan(0.6);
    expect(best?.auc).toBeLessThan(0.95);
  });

  it('does not judge by a few clips', () => {
    expect(leakingColumns(table, labels, ['a', 'b', 'c'], { clips: 68 })).toEqual([]);
  });
});
