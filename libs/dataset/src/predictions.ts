import { clipFaultSchema, clipFaults, clipStatusSchema, type ClipFault, type ClipStatus } from '@primatrix/contracts';
import { guardedCell, writeTextAtomic } from '@primatrix/files';
import { stringify } from 'csv-stringify/sync';
import { classColumns, type ClassColumn } from './class-columns.ts';
import { heardColumn, outcomeColumns } from './class-names.ts';
import { decimalNumber } from './decimal-number.ts';
import { readCsvTable, type CsvRow, type CsvTable } from './csv-table.ts';
import { DatasetError } from './dataset-error.ts';
import { isMissing, knownText } from './missing-value.ts';

/** How decoding of a clip ended, as far as a predictions table says. */
export interface PredictionOutcome {
  readonly status: ClipStatus;
  /** Reason code; null when the status is ok. */
  readonly fault: ClipFault | null;
  /** Empty when the status is ok. */
  readonly reason: string;
  /** Null: not told. */
  readonly framesDecoded: number | null;
  readonly framesExpected: number | null;
}

/** Probabilities by clip and class. */
export interface PredictionTable {
  readonly classes: readonly string[];
  readonly filenames: readonly string[];
  /** [clips, classes], row-major, 0 to 1; a row of NaN is a clip without prediction. */
  readonly probabilities: Float64Array | Float32Array;
  /** One a clip; absent where the table has no column of this kind. */
  readonly outcomes?: readonly PredictionOutcome[];
  /** One a clip: what was heard beside what the classes are about, as people read it. Written, and passed over by who reads. */
  readonly heard?: readonly string[];
}

/**
 * Reads `filename`, any of `status,fault,reason,frames_decoded,frames_expected`, and one probability column a class.
 * Probabilities may be empty only in rows whose status is `failed`.
 * @throws DatasetError with file, line, column and value of the first fault
 */
export async function readPredictions(
  path: string,
): Promise<PredictionTable & { readonly probabilities: Float64Array }> {
  const table = await readCsvTable(path);
  const columns = classColumns(table, [...outcomeColumns, heardColumn]);
  if (columns.length === 0) {
    throw new DatasetError(
      'CSV_HEADER',
      'there must be one column a class, got none',
      { file: path, line: 1 },
      'The header reads filename,<class>,<class>,…',
    );
  }
  const outcomes = readOutcomes(table);
  const probabilities = new Float64Array(table.rows.length * columns.length);
  table.rows.forEach((row, index) => {
    const mayBeEmpty = outcomes?.[index]?.status === 'failed';
    probabilities.set(readProbabilities(path, row, columns, mayBeEmpty), index * columns.length);
  });
  return {
    classes: columns.map(({ name }) => name),
    filenames: table.rows.map((row) => row.filename),
    probabilities,
    ...(outcomes === undefined ? {} : { outcomes }),
  };
}

function readProbabilities(
  file: string,
  { line, cells }: CsvRow,
  columns: readonly ClassColumn[],
  mayBeEmpty: boolean,
): number[] {
  if (mayBeEmpty && columns.every(({ index }) => isMissing(cells[index] as string))) {
    return columns.map(() => Number.NaN);
  }
  return columns.map(({ name, index }) => {
    const value = cells[index] as string;
    const probability = decimalNumber(value);
    // Written so that NaN fails too.
    if (!(probability >= 0 && probability <= 1)) {
      throw new DatasetError(
        'CSV_VALUE',
        'a prediction must be a number from 0 to 1',
        { file, line, column: name, value },
        /^\d+,\d+$/.test(value)
          ? 'Write a decimal point, not a comma.'
          : 'Columns that are no class must be removed; a clip without prediction has status "failed" and empty cells.',
      );
    }
    return probability;
  });
}

function readOutcomes({ file, header, rows }: CsvTable): PredictionOutcome[] | undefined {
  const [status, fault, reason, decoded, expected] = outcomeColumns.map((name) => header.indexOf(name)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if ([status, fault, reason, decoded, expected].every((index) => index < 0)) return undefined;
  return rows.map(({ line, cells }) => {
    const word = knownText(cells[status]);
    const parsed = clipStatusSchema.safeParse(word === '' ? 'ok' : word);
    if (!parsed.success) {
      throw new DatasetError(
        'CSV_VALUE',
        'a status must be ok, degraded or failed',
        { file, line, column: 'status', value: word },
        'An empty status means ok.',
      );
    }
    const code = knownText(cells[fault]) || null;
    const faultFound = clipFaultSchema.nullable().safeParse(code);
    if (!faultFound.success) {
      throw new DatasetError(
        'CSV_VALUE',
        `a fault must be one of ${clipFaults.join(', ')}`,
        { file, line, column: 'fault', value: code ?? '' },
        'An empty fault means none.',
      );
    }
    const count = (index: number, column: string): number | null => {
      const value = knownText(cells[index]);
      if (value === '') return null;
      if (!/^\d{1,15}$/.test(value)) {
        throw new DatasetError(
          'CSV_VALUE',
          'a number of frames must be a whole number',
          { file, line, column, value },
          'Leave the cell empty where it is not known.',
        );
      }
      return Number(value);
    };
    return {
      status: parsed.data,
      fault: faultFound.data,
      reason: cells[reason] ?? '',
      framesDecoded: count(decoded, 'frames_decoded'),
      framesExpected: count(expected, 'frames_expected'),
    };
  });
}

/** Rows that are text in memory at once. */
const rowsAtOnce = 1000;

/**
 * Writes a table that {@link readPredictions} reads back to exactly the same numbers, by rename.
 * @throws DatasetError when lengths do not match
 */
export async function writePredictions(path: string, table: PredictionTable): Promise<void> {
  const { classes, filenames, probabilities, outcomes, heard } = table;
  const width = classes.length;
  if (
    probabilities.length !== filenames.length * width ||
    (outcomes !== undefined && outcomes.length !== filenames.length)
  ) {
    throw new DatasetError(
      'CSV_VALUE',
      `predictions must be [${filenames.length}, ${width}] with one outcome a clip, got ${probabilities.length} values and ${outcomes?.length ?? 'no'} outcomes`,
      { file: path },
      'Give one row a filename.',
    );
  }
  const header = [
    'filename',
    ...(outcomes === undefined ? [] : outcomeColumns),
    ...classes,
    ...(heard === undefined ? [] : [heardColumn]),
  ];
  const record = (filename: string, row: number) => {
    const outcome = outcomes?.[row];
    return [
      filename,
      ...(outcome === undefined
        ? []
        : [
            outcome.status,
            outcome.fault ?? '',
            outcome.reason,
            outcome.framesDecoded ?? '',
            outcome.framesExpected ?? '',
          ]),
      // Number to text and back is exact in JavaScript, by definition of both.
      ...Array.from(probabilities.subarray(row * width, (row + 1) * width), (p) => (Number.isNaN(p) ? '' : String(p))),
      ...(heard === undefined ? [] : [heard[row] ?? '']),
    ];
  };
  // Separators of other dialects and outer white space are quoted, so that reading finds them again.
  const csv = (rows: (string | number)[][]) =>
    stringify(rows, { quoted_match: /[\r\n;\t]|^\s|\s$/, cast: { string: guardedCell } });
  const parts = function* () {
    yield csv([header]);
    for (let start = 0; start < filenames.length; start += rowsAtOnce) {
      yield csv(filenames.slice(start, start + rowsAtOnce).map((filename, i) => record(filename, start + i)));
    }
  };
  await writeTextAtomic(path, parts());
}
