import { classColumnsOf, foldColumn } from './class-columns.ts';
import { FeatureTableError } from './feature-table-error.ts';
import { isNumberColumn, type NumberColumn, type TableColumn } from './feature-table.ts';
import { readTable } from './read-table.ts';
import { writeTable } from './write-table.ts';

/** What a net says of each clip: `nets/<net>/{train,test,other}.parquet`. */
export interface NetPredictions {
  readonly filenames: readonly string[];
  readonly classes: readonly string[];
  /** [clips, classes], row-major, 0 to 1; NaN where there is no prediction. */
  readonly probabilities: Float32Array | Float64Array;
  /** [clips]: the fold in whose validation part the clip is; train tables only. */
  readonly folds?: Int32Array;
}

/**
 * Writes predictions as Parquet: filename, fold (train only), one column a class.
 * @throws FeatureTableError for wrong lengths, a class named "fold" or "filename", or a number outside [0, 1]
 */
export async function writeNetPredictions(
  path: string,
  { filenames, classes, probabilities, folds }: NetPredictions,
): Promise<void> {
  const [rows, width] = [filenames.length, classes.length];
  if (probabilities.length !== rows * width) {
    throw new FeatureTableError(
      'TABLE_SHAPE',
      `predictions must be [${rows}, ${width}], got ${probabilities.length} values`,
      { table: path },
      'Give one row a clip and one column a class.',
    );
  }
  const columns = classes.map((name, c): NumberColumn => {
    if (name.toLowerCase() === foldColumn) {
      throw new FeatureTableError(
        'TABLE_COLUMN',
        'a class may not have this name',
        { table: path, column: name },
        'Rename the class.',
      );
    }
    const values = probabilities instanceof Float32Array ? new Float32Array(rows) : new Float64Array(rows);
    for (let row = 0; row < rows; row++) values[row] = probabilities[row * width + c] as number;
    return { name, values };
  });
  refuseOutOfRange(filenames, columns, path);
  await writeTable(path, {
    keys: filenames,
    columns: folds === undefined ? columns : [{ name: foldColumn, values: folds }, ...columns],
  });
}

/**
 * Reads predictions, sorted by filename.
 * @param classes the classes expected: columns come in this order, whatever the file's
 * @throws FeatureTableError as readTable, and when classes differ (they are named) or a number is outside [0, 1]
 */
export async function readNetPredictions(path: string, classes: readonly string[]): Promise<NetPredictions> {
  const table = await readTable(path);
  const columns = numbersOf(classColumnsOf(table, classes, path), path);
  refuseOutOfRange(table.keys, columns, path);
  const [rows, width] = [table.keys.length, classes.length];
  const single = columns.every((column) => column.values instanceof Float32Array);
  const probabilities = single ? new Float32Array(rows * width) : new Float64Array(rows * width);
  columns.forEach(({ values }, c) => {
    for (let row = 0; row < rows; row++) probabilities[row * width + c] = values[row] as number;
  });
  const fold = table.columns.find(({ name }) => name === foldColumn);
  if (fold === undefined) return { filenames: table.keys, classes, probabilities };
  const [folds] = numbersOf([fold], path);
  if (!(folds?.values instanceof Int32Array)) {
    throw new FeatureTableError(
      'TABLE_VALUE',
      'a fold must be a whole number',
      { table: path, column: foldColumn },
      'Run the validation of the net again.',
    );
  }
  return { filenames: table.keys, classes, probabilities, folds: folds.values };
}

function numbersOf(columns: readonly TableColumn[], table: string): NumberColumn[] {
  return columns.map((column) => {
    if (isNumberColumn(column)) return column;
    throw new FeatureTableError(
      'TABLE_VALUE',
      'the column must hold numbers, got text',
      { table, column: column.name },
      'Run the stage that makes the table again.',
    );
  });
}

/** NaN is a missing prediction, and passes. */
function refuseOutOfRange(keys: readonly string[], columns: readonly NumberColumn[], table: string): void {
  for (const { name, values } of columns) {
    const row = values.findIndex((value) => value < 0 || value > 1);
    if (row >= 0) {
      throw new FeatureTableError(
        'TABLE_VALUE',
        `a prediction must be a probability in [0, 1], got ${values[row]}`,
        { table, column: name, key: keys[row] as string },
        'Predict again; NaN stands for no prediction.',
      );
    }
  }
}
