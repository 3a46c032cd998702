import { isBlankClass, knownText, readCells, readCsvTable, statedTime } from '@primatrix/dataset';
import { cellError, ExchangeError } from './exchange-error.ts';
import type { ClipReview } from './reviewed-clip.ts';
import { hasObservations, reviewsOfObservations } from './observed-reviews.ts';

/** Between species in one cell; no name of a species has it. */
const separator = '|';
const decisions = ['accepted', 'corrected', 'blank', 'unsure'];

/**
 * Reads decisions from a `review.csv` as the pages export it: `filename`, `decision` (accepted, corrected, blank, unsure; empty where
 * nobody decided), `species` (several with `|` between), and optionally `reviewed_at` and `reviewed_by`; or from an `observations.csv`,
 * which has counts and more. Other columns are passed over.
 * @throws DatasetError where the file is no table; ExchangeError naming the column or cell at fault
 */
export async function readClipReviews(path: string): Promise<ReadonlyMap<string, ClipReview>> {
  const table = await readCells(path);
  if (hasObservations(table.header)) return reviewsOfObservations(table);
  const { header, rows } = await readCsvTable(path);
  if (!header.includes('decision') || !header.includes('species')) {
    throw new ExchangeError(
      'EXCHANGE_COLUMN',
      `${path}: there must be columns "decision" and "species", got ${header.join(', ')}`,
      'give the review.csv or observations.csv that the pages export',
    );
  }
  const reviews = new Map<string, ClipReview>();
  for (const { line, filename, cells } of rows) {
    const cell = (name: string) => knownText(cells[header.indexOf(name)]);
    const decision = cell('decision');
    if (decision === '') continue;
    const fault = (column: string, rule: string, hint: string) =>
      cellError('EXCHANGE_VALUE', rule, { file: path, line, column, value: cell(column) }, hint);
    if (!decisions.includes(decision)) {
      throw fault('decision', `must be one of ${decisions.join(', ')}`, 'leave the cell empty where nobody decided');
    }
    const at = cell('reviewed_at');
    if (at !== '' && (statedTime(at)?.zone ?? null) === null) {
      throw fault('reviewed_at', 'must be a time with its zone', 'write 2026-03-31T17:05:00Z');
    }
    const species =
      decision === 'unsure'
        ? []
        : decision === 'blank'
          ? [isBlankClass(cell('species')) ? cell('species') : 'blank']
          : cell('species')
              .split(separator)
              .map((name) => name.trim())
              .filter((name) => name !== '');
    if (decision !== 'unsure' && species.length === 0) {
      throw fault(
        'species',
        'must name at least one species where a clip is accepted or corrected',
        'several have | between',
      );
    }
    if (species.length > 1 && species.some(isBlankClass)) {
      throw fault('species', 'a blank clip shows nothing else', 'name what it shows, or blank alone');
    }
    reviews.set(filename, { species, by: cell('reviewed_by') || null, at: at || null });
  }
  return reviews;
}
