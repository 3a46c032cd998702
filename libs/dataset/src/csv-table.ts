import { readFile } from 'node:fs/promises';
import { restoredCell } from '@primatrix/files';
import { CsvError, type Info } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { clipName, isInside } from './clip-name.ts';
import { DatasetError } from './dataset-error.ts';

/** One row of a table, by clip. */
export interface CsvRow {
  /** From 1, header included. */
  readonly line: number;
  /** As {@link clipName} spells it. */
  readonly filename: string;
  /** All cells, the filename's own included; as many as the header has. */
  readonly cells: readonly string[];
}

/** A row of any CSV file; lines count from 1, header included. */
export interface CellRow {
  readonly line: number;
  /** As many as the header has, as they stand; what is looked up or compared goes through {@link knownText}. */
  readonly cells: readonly string[];
  /** The file that the row stands in: a table may lie in several. */
  readonly file: string;
}

/** Any CSV file with a header. */
export interface CellTable {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly CellRow[];
}

/** A CSV file with one row a clip. */
export interface CsvTable {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

/**
 * Reads a table: UTF-8 with or without BOM; comma, semicolon or tab, or what a first line `sep=` of spreadsheets says;
 * any line ends; quotes. Names of columns come in composed Unicode.
 * @param more files in which the table goes on, with or without the header above their rows
 * @throws DatasetError when a file is missing, or is not such text
 */
export async function readCells(file: string, more: readonly string[] = []): Promise<CellTable> {
  const [first, ...rest] = await recordsOf(file);
  if (first === undefined) {
    throw new DatasetError(
      'CSV_HEADER',
      'the table is empty',
      { file },
      'The first line names the columns: filename,…',
    );
  }
  const header = checkedHeader({ ...first, cells: first.cells.map((name) => name.normalize('NFC')) });
  const rows = rest.map((row) => checkedRow(row, header));
  for (const part of more) {
    const [start, ...others] = await recordsOf(part);
    if (start === undefined) continue;
    const repeated = start.cells.join('\0').normalize('NFC') === header.join('\0');
    for (const row of repeated ? others : [start, ...others]) rows.push(checkedRow(row, header));
  }
  return { file, header, rows };
}

function checkedRow(row: CellRow, header: readonly string[]): CellRow {
  const { file, line, cells } = row;
  if (cells.length === header.length) return row;
  throw new DatasetError(
    'CSV_SYNTAX',
    `a row must have ${header.length} cells as the header has, got ${cells.length}`,
    { file, line },
    'Names and reasons that contain the separator need double quotes around them.',
  );
}

/**
 * Reads a table with a `filename` column, as {@link readCells} does.
 * @throws DatasetError as it does, when the column is missing, or when the table names a file twice
 */
export async function readCsvTable(file: string): Promise<CsvTable> {
  const table = await readCells(file);
  const { header } = table;
  const filenameAt = header.indexOf('filename');
  if (filenameAt < 0) {
    const got = header.slice(0, 4).join(', ');
    const alike = header.find((name) => /^file[ _]?names?$/i.test(name));
    throw new DatasetError(
      'CSV_HEADER',
      `there must be a column "filename", got ${got}${header.length > 4 ? ', …' : ''}`,
      { file, line: 1 },
      alike === undefined
        ? 'The first line names the columns: filename and one column a class.'
        : `Rename the column "${alike}": filename, in small letters.`,
    );
  }
  const seen = new Map<string, number>();
  const rows = table.rows.map(({ line, cells }): CsvRow => {
    const filename = clipName(cells[filenameAt] as string);
    if (!isInside(filename)) {
      throw new DatasetError(
        'CSV_VALUE',
        'a filename must be a path inside the clips folder',
        { file, line, column: 'filename', value: cells[filenameAt] as string },
        'Write the name below the clips folder, for example site-3/0001.mp4.',
      );
    }
    const earlier = seen.get(filename);
    if (earlier !== undefined) {
      throw new DatasetError(
        'CSV_DUPLICATE',
        `the file is already in line ${earlier}`,
        { file, line, column: 'filename', value: filename },
        'Keep one row a clip; several classes go into one row.',
      );
    }
    seen.set(filename, line);
    return { line, filename, cells };
  });
  return { file, header, rows };
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DatasetError(
      'DATASET_NOT_FOUND',
      'the table cannot be read',
      { file },
      'Check the path and its permissions.',
      { cause },
    );
  }
}

function decode(bytes: Buffer, file: string): string {
  const start = bytes.subarray(0, 2).toString('latin1');
  if (start === 'PK') {
    throw new DatasetError(
      'CSV_ENCODING',
      'this is a spreadsheet or zip file, not CSV',
      { file },
      'Export it as "CSV UTF-8".',
    );
  }
  if (start === '\u00ff\u00fe' || start === '\u00fe\u00ff') {
    throw new DatasetError('CSV_ENCODING', 'the text is UTF-16, not UTF-8', { file }, 'Save it as "CSV UTF-8".');
  }
  // UTF-16 without its mark is UTF-8 too, a NUL beside each letter; else a NUL is damage, and tells apart what looks alike.
  const at = bytes.indexOf(0);
  if (at >= 0) {
    throw new DatasetError(
      'CSV_ENCODING',
      'the text holds a NUL character: it is UTF-16, or damaged',
      { file, line: 1 + newLinesIn(bytes.subarray(0, at)) },
      'Save it as "CSV UTF-8", or copy it again.',
    );
  }
  try {
    // The decoder takes one byte order mark off; what was joined of two files may have a second.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/^\uFEFF+/, '');
  } catch (cause) {
    throw new DatasetError('CSV_ENCODING', 'the text is not UTF-8', { file }, 'Save it as "CSV UTF-8".', { cause });
  }
}

function newLinesIn(bytes: Buffer): number {
  return bytes.reduce((count, byte) => count + Number(byte === 10), 0);
}

/** Excel's own word to itself, above the header: which separator follows. */
const separatorLine = /^"?sep=(.)"?[,;\t]*(?:\r\n|\n|\r|$)/i;

async function recordsOf(file: string): Promise<CellRow[]> {
  const whole = decode(await bytesOf(file), file);
  const [told = '', separator] = separatorLine.exec(whole) ?? [];
  const above = told === '' ? 0 : 1;
  const text = whole.slice(told.length);
  try {
    const records = parse(text, {
      info: true,
      trim: true,
      delimiter: separator ?? separatorOf(text),
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      // Spreadsheets leave rows of nothing but separators behind.
      skip_records_with_empty_values: true,
    }) as unknown as { readonly record: string[]; readonly info: Info }[];
    // Not as the parser's `cast`, which describes every cell anew: two thirds of the time of a large table.
    return records.map(({ record, info }) => ({
      file,
      line: info.lines + above,
      cells: record.map((cell) => restoredCell(cell)),
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = cause['lines'] as number | undefined;
    throw new DatasetError(
      'CSV_SYNTAX',
      `quotes do not match (${cause.message})`,
      line === undefined ? { file } : { file, line: line + above },
      'A quoted cell ends with a double quote before the next separator; double a quote that belongs to the text.',
      { cause },
    );
  }
}

/** Spreadsheets in many languages write semicolons; the header tells, outside its quotes. */
function separatorOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  let best = ',';
  let most = 0;
  for (const separator of [',', ';', '\t']) {
    const count = header.split(separator).length - 1;
    if (count > most) {
      best = separator;
      most = count;
    }
  }
  return best;
}

function checkedHeader({ file, line, cells: header }: CellRow): readonly string[] {
  const seen = new Map<string, string>();
  header.forEach((name, index) => {
    if (name === '') {
      throw new DatasetError(
        'CSV_HEADER',
        `column ${index + 1} has no name`,
        { file, line },
        'Remove the column (pandas: to_csv(…, index=False)) or name it.',
      );
    }
    // Parquet tables are read by column names without regard to case.
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined) {
      throw new DatasetError(
        'CSV_HEADER',
        earlier === name ? 'the column is there twice' : `the name differs from "${earlier}" by case only`,
        { file, line, column: name },
        'Give every class a name of its own.',
      );
    }
    seen.set(name.toLowerCase(), name);
  });
  return header;
}
