import { UsageError } from '@primatrix/contracts';

/** Which rule a table broke. */
export type FeatureTableErrorCode =
  | 'TABLE_NOT_FOUND' // no such file
  | 'TABLE_UNREADABLE' // not Parquet, or damaged
  | 'TABLE_UNWRITABLE' // the folder, the disk or its space refuse
  | 'TABLE_SHAPE' // columns of different lengths
  | 'TABLE_KEY' // a filename twice, or none
  | 'TABLE_COLUMN' // a column missing, unknown or twice
  | 'TABLE_VALUE'; // a type or number that the column may not have

/** A table that cannot be used as it is; `fields` name the table, and the column and row where there is one. */
export class FeatureTableError extends UsageError {
  declare readonly code: FeatureTableErrorCode;

  constructor(
    code: FeatureTableErrorCode,
    rule: string,
    place: { readonly table: string; readonly column?: string; readonly key?: string },
    hint: string,
    options: ErrorOptions = {},
  ) {
    const column = place.column === undefined ? '' : `, column "${place.column}"`;
    const key = place.key === undefined ? '' : `, clip ${place.key}`;
    super(code, `table ${place.table}${column}${key}: ${rule}`, { ...options, hint, fields: { ...place } });
  }
}
