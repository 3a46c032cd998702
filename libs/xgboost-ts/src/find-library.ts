import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { loadFault, prebuiltLibrary } from '@primatrix/boosting';
import { XgboostLibraryError } from './errors.ts';

/** Where npm's `xgboost_node`, which only the workspace has, carries XGBoost 1.7.5 for a platform. */
const carried: Readonly<Record<string, string>> = {
  'linux x64': 'lib/libxgboost.so',
  'darwin arm64': 'binary/libxgboost.dylib',
};

/**
 * Path of the native library: what `PRIMATRIX_XGBOOST` names, else what the optional package `@primatrix/xgboost-…` of
 * this platform brings, else what npm's `xgboost_node` carries. Nothing is built or fetched.
 * @throws {@link XgboostLibraryError} when there is none; `environment` is `process.env` unless given
 */
export async function findLibrary(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = environment['PRIMATRIX_XGBOOST'];
  if (given !== undefined && given !== '') {
    if (await exists(given)) return resolve(given);
    throw new XgboostLibraryError(
      `PRIMATRIX_XGBOOST names ${given}, which does not exist`,
      'Correct the path, or unset the variable.',
    );
  }
  const library = prebuiltLibrary('xgboost', import.meta.url) ?? (await carriedLibrary());
  if (library !== undefined) return library;
  throw new XgboostLibraryError(
    `there is no prebuilt XGBoost for ${process.platform} ${process.arch}`,
    'Set PRIMATRIX_XGBOOST to a libxgboost 1.7, for example of a system package or of Python’s wheel.',
  );
}

/**
 * Why this machine has no library, or cannot load the one it has; undefined where all is well.
 * @throws {@link XgboostLibraryError} where `PRIMATRIX_XGBOOST` names what is not there
 */
export async function missingLibrary(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  try {
    return loadFault(await findLibrary(environment));
  } catch (error) {
    const asked = environment['PRIMATRIX_XGBOOST'] ?? '';
    if (!(error instanceof XgboostLibraryError) || asked !== '') throw error;
    return `${error.message}; ${error.hint}`;
  }
}

async function carriedLibrary(): Promise<string | undefined> {
  const file = carried[`${process.platform} ${process.arch}`];
  if (file === undefined) return undefined;
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve('xgboost_node/package.json')), file);
    return (await exists(path)) ? path : undefined;
  } catch {
    return undefined;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
