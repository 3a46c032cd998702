import { PrimatrixError } from '@primatrix/contracts';
import type { Target } from '../targets.ts';
import { readLibrary } from './read-library.ts';

/**
 * Sees that a library is for its target and offers what is asked of it: a release must not bring one that fails only
 * on the machine of who installs it.
 * @throws PrimatrixError NATIVE_LIBRARY
 */
export async function checkLibrary(path: string, target: Target, functions: readonly string[]): Promise<void> {
  const contents = await readLibrary(path);
  const is = `${contents.platform}-${contents.arch}`;
  if (is !== `${target.platform}-${target.arch}`) {
    throw new PrimatrixError('NATIVE_LIBRARY', `deploy: ${path} is for ${is}, not for ${target.name}`);
  }
  const offered = new Set(contents.functions);
  const missing = functions.filter((name) => !offered.has(name));
  if (missing.length > 0) {
    throw new PrimatrixError('NATIVE_LIBRARY', `deploy: ${path} lacks ${missing.join(', ')}`, {
      hint: 'its binding calls them: look at what is compiled, and at the list of exports',
    });
  }
}
