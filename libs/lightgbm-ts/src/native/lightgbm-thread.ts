import { NativeThread, sharedThread } from '@primatrix/boosting';
import { ensureLibrary } from '../build/ensure-library.ts';
import { errors } from '../errors.ts';
import { cFunctions, messageFunctions } from './c-api.ts';
import type { CFunction } from './c-api.ts';

/** The thread of all LightGBM calls. */
export type LightgbmThread = NativeThread<CFunction>;

/** The process's one native thread; the first use loads the library, which is built if no cache has it. */
export const nativeThread = sharedThread<CFunction>(async (onEnd) => {
  const library = await ensureLibrary();
  return new NativeThread({ library, functions: cFunctions, ...messageFunctions }, errors, onEnd);
});
