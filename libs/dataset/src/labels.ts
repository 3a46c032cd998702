import { classColumns } from './class-columns.ts';
import { ClassNames, isBlankClass } from './class-names.ts';
import { readCsvTable } from './csv-table.ts';
import { DatasetError } from './dataset-error.ts';

/** Which classes each clip shows. */
export interface LabelTable {
  /** In the order of the columns. */
  readonly classes: readonly string[];
  readonly filenames: readonly string[];
  /** [clips, classes], row-major: 1 where the class is present, else 0. */
  readonly labels: Uint8Array;
}

/**
 * Reads a label table: `filename` and one 0/1 column a class.
 * @throws DatasetError with file, line, column and value of the first fault
 */
export async function readLabels(path: string): Promise<LabelTable> {
  const table = await readCsvTable(path);
  const file = path;
  const columns = classColumns(table);
  if (columns.length === 0) {
    throw new DatasetError(
      'CSV_HEADER',
      'there must be one column a class, got none',
      { file, line: 1 },
      'The header reads filename,<class>,<class>,…',
    );
  }
  const names = new ClassNames();
  for (const { name } of columns) names.add(name, { file, line: 1, column: name });
  if (table.rows.length === 0) {
    throw new DatasetError(
      'CSV_EMPTY',
      'there must be at least one row, got none',
      { file },
      'Add one row a labelled clip.',
    );
  }
  const labels = new Uint8Array(table.rows.length * columns.length);
  table.rows.forEach(({ line, cells }, row) => {
    const shown: string[] = [];
    columns.forEach(({ name, index }, c) => {
      const value = cells[index] as string;
      if (!/^[01](\.0*)?$/.test(value)) {
        throw new DatasetError(
          'CSV_VALUE',
          'a label must be 0 or 1',
          { file, line, column: name, value },
          'Every column but filename is a class; sites and times go into clips.csv.',
        );
      }
      if (value.startsWith('1')) {
        labels[row * columns.length + c] = 1;
        shown.push(name);
      }
    });
    if (shown.length === 0) {
      throw new DatasetError(
        'CSV_NO_CLASS',
        'a labelled clip must have at least one class, got only zeros',
        { file, line, value: cells[table.header.indexOf('filename')] as string },
        'Give clips without animals a class of their own, such as "blank"; leave out clips nobody has reviewed.',
      );
    }
    const blank = shown.find(isBlankClass);
    if (blank !== undefined && shown.length > 1) {
      throw new DatasetError(
        'CSV_BLANK',
        `a clip that is ${blank} shows nothing else, got ${shown.join(' and ')}`,
        { file, line, value: cells[table.header.indexOf('filename')] as string },
        `Look at the clip again: set "${blank}" to 0 where it shows something, else all others.`,
      );
    }
  });
  return { classes: columns.map(({ name }) => name), filenames: table.rows.map((row) => row.filename), labels };
}
