import { PrimatrixError, UsageError } from '@primatrix/contracts';
import type { ErrorMakers } from '@primatrix/boosting';

/** XGBoost itself refused or failed. Code `XGBOOST_NATIVE`; `fields.call` is the C function, the message its own words. */
export class XgboostError extends PrimatrixError {
  constructor(call: string, reason: string, options: ErrorOptions = {}) {
    super('XGBOOST_NATIVE', `xgboost-ts: ${call}: ${reason}`, { ...options, fields: { call, reason } });
  }
}

/** Arguments that cannot be right, found before native code sees them. Code `XGBOOST_INPUT`; `fields.argument` names it. */
export class XgboostInputError extends UsageError {
  constructor(argument: string, message: string, hint?: string) {
    super('XGBOOST_INPUT', `xgboost-ts: ${message}`, { fields: { argument }, ...(hint === undefined ? {} : { hint }) });
  }
}

/** Use of a dataset or booster after `dispose()`. Code `XGBOOST_DISPOSED`. */
export class XgboostDisposedError extends UsageError {
  constructor(what: string) {
    super('XGBOOST_DISPOSED', `xgboost-ts: this ${what} was disposed of and cannot be used again`, {
      fields: { what },
    });
  }
}

/** A model that is cut off, damaged or not XGBoost's. Code `XGBOOST_MODEL`. */
export class XgboostModelError extends PrimatrixError {
  constructor(where: string, message: string, options: ErrorOptions = {}) {
    super('XGBOOST_MODEL', `xgboost-ts: model, ${where}: ${message}`, {
      ...options,
      fields: { where },
      hint: 'Save the model again, or restore the file from a copy: a damaged model is not guessed at.',
    });
  }
}

/** There is no native library for this platform, or not where it was said to be. Code `XGBOOST_LIBRARY`. */
export class XgboostLibraryError extends PrimatrixError {
  constructor(message: string, hint: string, options: ErrorOptions = {}) {
    super('XGBOOST_LIBRARY', `xgboost-ts: ${message}`, { ...options, hint });
  }
}

/** @internal For code that bindings share. */
export const errors: ErrorMakers = {
  input: (argument, message, hint) => new XgboostInputError(argument, message, hint),
  native: (call, reason, options) => new XgboostError(call, trimmed(reason), options),
  disposed: (what) => new XgboostDisposedError(what),
};

/** XGBoost's words without the time, source file and stack trace that it puts around them. */
function trimmed(reason: string): string {
  const words = (reason.split(/\n?Stack trace:/)[0] ?? reason).replace(/^\[\d\d:\d\d:\d\d\] \S+:\d+: /, '');
  return words.trim();
}
