import { UsageError, type ErrorFields } from '@primatrix/contracts';

/** Which rule a dataset folder or one of its tables broke. */
export type DatasetErrorCode =
  | 'DATASET_NOT_FOUND' // a folder or table that must be there is not, or cannot be opened
  | 'DATASET_CLASSES' // two tables disagree about the classes
  | 'DATASET_SPLIT' // one file is in both the train and the test table
  | 'DATASET_AMBIGUOUS' // a name in a table fits several files, or two files have one name
  | 'DATASET_UNMATCHED' // a second table names none of the clips
  | 'DATASET_ONE_CLASS' // nothing to tell apart
  | 'CSV_ENCODING' // not UTF-8 text
  | 'CSV_SYNTAX' // quotes or column counts
  | 'CSV_HEADER' // column names
  | 'CSV_EMPTY' // no rows
  | 'CSV_VALUE' // one cell
  | 'CSV_DUPLICATE' // one file in two rows
  | 'CSV_NO_CLASS' // a row of zeros
  | 'CSV_BLANK' // a clip is blank and shows something
  | 'SCORE_EMPTY' // no labelled clip has a prediction
  | 'SCORE_ROWS' // a predictions table has no row for a labelled clip
  | 'FOLDS_SETTINGS' // fold count or seed out of range
  | 'FOLDS_TOO_MANY'; // fewer clips or sites than folds

/** Where in a table the fault is; lines count from 1 and include the header. */
export interface TablePlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
}

/** A dataset that cannot be used as it is; `fields` holds file, line, column and value as far as they are known. */
export class DatasetError extends UsageError {
  declare readonly code: DatasetErrorCode;

  constructor(
    code: DatasetErrorCode,
    rule: string,
    place: TablePlace | undefined,
    hint: string,
    details: ErrorOptions & { fields?: ErrorFields } = {},
  ) {
    super(code, place === undefined ? `dataset: ${rule}` : `${describePlace(place)}: ${rule}`, {
      ...details,
      hint,
      fields: { ...place, ...details.fields },
    });
  }
}

function describePlace({ file, line, column, value }: TablePlace): string {
  const where = line === undefined ? file : `${file}:${line}`;
  const which = column === undefined ? '' : `, column "${column}"`;
  return value === undefined ? `${where}${which}` : `${where}${which}, value ${JSON.stringify(shortened(value))}`;
}

function shortened(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value;
}
