import type { ClipRow } from './clip-row.ts';

/** How many of some clips are not of their most probable class: calibrated probabilities say it, on average. */
export function expectedWrong(rows: readonly Pick<ClipRow, 'top' | 'confidence'>[]): number {
  return rows.reduce((sum, { top, confidence }) => sum + (top < 0 ? 0 : 1 - confidence), 0);
}
