import { PrimatrixError, UsageError } from '@primatrix/contracts';
import type { ErrorMakers } from '@primatrix/boosting';

/** LightGBM itself refused or failed. Code `LIGHTGBM_NATIVE`; `fields.call` is the C function, the message its own words. */
export class LightgbmError extends PrimatrixError {
  constructor(call: string, reason: string, options: ErrorOptions = {}) {
    super('LIGHTGBM_NATIVE', `lightgbm-ts: ${call}: ${reason}`, { ...options, fields: { call, reason } });
  }
}

/** Arguments that cannot be right, found before native code sees them. Code `LIGHTGBM_INPUT`; `fields.argument` names it. */
export class LightgbmInputError extends UsageError {
  constructor(argument: string, message: string, hint?: string) {
    super('LIGHTGBM_INPUT', `lightgbm-ts: ${message}`, {
      fields: { argument },
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** Use of a dataset or booster after `dispose()`. Code `LIGHTGBM_DISPOSED`. */
export class LightgbmDisposedError extends UsageError {
  constructor(what: string) {
    super('LIGHTGBM_DISPOSED', `lightgbm-ts: this ${what} was disposed of and cannot be used again`, {
      fields: { what },
    });
  }
}

/** A model text that is cut off, damaged or not LightGBM's. Code `LIGHTGBM_MODEL`. */
export class LightgbmModelError extends PrimatrixError {
  constructor(where: string, message: string) {
    super('LIGHTGBM_MODEL', `lightgbm-ts: model text, ${where}: ${message}`, {
      fields: { where },
      hint: 'Save the model again, or restore the file from a copy: a damaged model is not guessed at.',
    });
  }
}

/**
 * The native library could not be made or found. Code `LIGHTGBM_BUILD`; `log` is the file with the compiler's whole output
 * (absent when no compiler ran), `lastLines` its end.
 */
export class LightgbmBuildError extends PrimatrixError {
  readonly log: string | undefined;
  readonly lastLines: readonly string[];

  constructor(message: string, options: ErrorOptions & { hint: string; log?: string; lastLines?: readonly string[] }) {
    const lastLines = options.lastLines ?? [];
    super('LIGHTGBM_BUILD', [`lightgbm-ts: ${message}`, ...lastLines].join('\n  '), {
      hint: options.hint,
      fields: { log: options.log ?? null },
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.log = options.log;
    this.lastLines = lastLines;
  }
}

/** @internal For code that bindings share. */
export const errors: ErrorMakers = {
  input: (argument, message, hint) => new LightgbmInputError(argument, message, hint),
  native: (call, reason, options) => new LightgbmError(call, reason, options),
  disposed: (what) => new LightgbmDisposedError(what),
};
