/** Structured facts of an error, kept as data so that callers never parse its text. */
export type ErrorFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Base of every error that Primatrix throws on purpose. Callers match on `code`, never on the message.
 * The message says where, which rule, and what was got; `hint` says what to do about it.
 */
export class PrimatrixError extends Error {
  readonly code: string;
  readonly fields: ErrorFields;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: ErrorOptions & { fields?: ErrorFields; hint?: string } = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.fields = options.fields ?? {};
    this.hint = options.hint;
  }
}

/** Wrong arguments, settings or dataset tables: the caller can mend it. The command line exits with 2. */
export class UsageError extends PrimatrixError {}
