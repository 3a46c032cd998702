import { csvLine } from '@primatrix/files';
import type { ClipRow } from '../clips/clip-row.ts';

/**
 * Lines of a `train_labels.csv` of the clips that people have decided; unsure ones are left out. Columns: the bundle's
 * classes, then the species that people added.
 */
export function* labelTable(
  rows: readonly Pick<ClipRow, 'filename' | 'review'>[],
  classes: readonly string[],
): Iterable<string> {
  const decided = rows.filter(({ review }) => review !== null && review.species.length > 0);
  const columns = [...new Set([...classes, ...decided.flatMap(({ review }) => review?.species ?? []).sort()])];
  yield csvLine(['filename', ...columns]);
  for (const { filename, review } of decided) {
    yield csvLine([filename, ...columns.map((name) => Number(review?.species.includes(name) === true))]);
  }
}
