import { decimalNumber, isMissing, readCells } from '@primatrix/dataset';
import { cellError, ExchangeError } from '../exchange-error.ts';
import { ResultRows, type ClipResults } from './result-rows.ts';

/**
 * Reads zamba's predictions: `filepath` (or `filename`) and a column of probabilities a class.
 * @throws DatasetError where the file is no table; ExchangeError naming the column or cell at fault
 */
export async function readZambaResults(path: string): Promise<ClipResults> {
  const { header, rows } = await readCells(path);
  const fileAt = header.findIndex((name) => name === 'filepath' || name === 'filename');
  if (fileAt < 0 || header.length < 2) {
    throw new ExchangeError(
      'EXCHANGE_COLUMN',
      `${path}: there must be a column "filepath" and one a class, got ${header.join(', ')}`,
      'results are JSON of MegaDetector or SpeciesNet, or CSV of zamba',
    );
  }
  const made = new ResultRows(path);
  const columns = header.flatMap((name, at) => (at === fileAt ? [] : [{ at, name: made.column(name, Number.NaN) }]));
  for (const { line, cells, file } of rows) {
    const scores = new Map<string, number>();
    for (const { at, name } of columns) {
      const value = cells[at] ?? '';
      if (isMissing(value)) continue;
      const score = decimalNumber(value);
      // Written so that NaN fails too.
      if (!(score >= 0 && score <= 1)) {
        throw cellError(
          'EXCHANGE_VALUE',
          'must be a probability from 0 to 1',
          { file, line, column: name, value },
          'give the table of probabilities, made without --output-class-names',
        );
      }
      scores.set(name, score);
    }
    made.add(cells[fileAt] ?? '', scores);
  }
  return made.finish('zamba', '');
}
