import { join } from 'node:path';
import { isNumberColumn, joinTables } from '@primatrix/feature-table';
import { featureRowsPath } from '../features/features.ts';
import { familySet, type Training } from '../plan/training.ts';
import type { FeatureColumns } from './second-level-table.ts';

/**
 * Chooses the columns of feature families that have more than the second level is to be given: those that vary most over the labelled
 * clips, in the order of their table. No label is looked at, so nothing is told of those that are predicted.
 * @param filenames the labelled clips
 */
export async function featureColumns(training: Training, filenames: readonly string[]): Promise<FeatureColumns> {
  const chosen = new Map<string, readonly string[]>();
  for (const { name, columnsAtMost } of familySet(training.families, training.profile).features) {
    if (columnsAtMost === undefined) continue;
    const { columns } = await joinTables([{ path: join(training.artifacts, featureRowsPath(name)) }], filenames);
    const numbers = columns.filter(isNumberColumn);
    const ranked = [...numbers].sort((a, b) => varianceOf(b.values) - varianceOf(a.values));
    const kept = new Set(ranked.slice(0, columnsAtMost));
    if (kept.size === numbers.length) continue;
    const names = numbers.filter((column) => kept.has(column)).map((column) => column.name);
    chosen.set(name, names);
  }
  return chosen;
}

/** Of the values that are there. */
function varianceOf(values: ArrayLike<number>): number {
  const there = Array.from(values).filter((value) => !Number.isNaN(value));
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  return there.length === 0 ? 0 : there.reduce((sum, value) => sum + (value - mean) ** 2, 0) / there.length;
}
