import { UsageError, type ErrorFields } from '@primatrix/contracts';

/** Which rule a file of another tool, or what is asked of one, broke. */
export type ExchangeErrorCode =
  | 'EXCHANGE_FILE' // a file cannot be read, or is not what it should be
  | 'EXCHANGE_COLUMN' // a table lacks a column
  | 'EXCHANGE_VALUE' // one cell
  | 'EXCHANGE_REFERENCE' // a row names another that is not there
  | 'EXCHANGE_VERSION' // a format version that is not known
  | 'EXCHANGE_EMPTY' // nothing in it can be used
  | 'EXCHANGE_PEOPLE' // people could not be found, and would be visible
  | 'EXCHANGE_MEDIA' // a package has media of before
  | 'EXCHANGE_PATTERN' // a file name pattern
  | 'EXCHANGE_ZONE'; // a time zone

/** A file that cannot be imported, or settings that cannot be exported with. `fields` has file, line, column and value where known. */
export class ExchangeError extends UsageError {
  declare readonly code: ExchangeErrorCode;

  constructor(
    code: ExchangeErrorCode,
    message: string,
    hint: string,
    options: ErrorOptions & { fields?: ErrorFields } = {},
  ) {
    super(code, message, { ...options, hint });
  }
}

/** The error of one cell. */
export function cellError(
  code: ExchangeErrorCode,
  rule: string,
  place: { readonly file: string; readonly line: number; readonly column: string; readonly value: string },
  hint: string,
): ExchangeError {
  const { file, line, column, value } = place;
  return new ExchangeError(
    code,
    `${file}:${line}, column "${column}", value ${JSON.stringify(value.slice(0, 80))}: ${rule}`,
    hint,
    { fields: { ...place } },
  );
}
