import { cString, NativeThread, sharedThread } from '@primatrix/boosting';
import { errors } from '../errors.ts';
import { findLibrary } from '../find-library.ts';
import { cFunctions, messageFunctions } from './c-api.ts';
import type { CFunction } from './c-api.ts';

/** The thread of all XGBoost calls. */
export type XgboostThread = NativeThread<CFunction>;

/** The process's one native thread; the first use loads the library. */
export const nativeThread = sharedThread<CFunction>(async (onEnd) => {
  const library = await findLibrary();
  const thread = new NativeThread<CFunction>({ library, functions: cFunctions, ...messageFunctions }, errors, onEnd);
  // What is said inside OpenMP's helper threads does not go through the callback: be silent everywhere.
  await thread.call('XGBSetGlobalConfig', cString('{"verbosity": 0}'));
  return thread;
});
