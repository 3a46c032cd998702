import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { XgboostLibraryError } from './errors.ts';

/** Where npm's `xgboost_node` carries XGBoost 1.7.5 for a platform, relative to the package. */
const carried: Readonly<Record<string, string>> = {
  'linux x64': 'lib/libxgboost.so',
  'darwin arm64': 'binary/libxgboost.dylib',
};

const ownLibrary = 'Set PRIMATRIX_XGBOOST to a libxgboost 1.7, for example of a system package or of Python’s wheel.';

/**
 * Path of the native library: `PRIMATRIX_XGBOOST` if set, else the one that npm's `xgboost_node` carries. Nothing is
 * built or fetched.
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
  const platform = `${process.platform} ${process.arch}`;
  const file = carried[platform];
  if (file === undefined) {
    throw new XgboostLibraryError(`npm's xgboost_node has no library for ${platform}`, ownLibrary);
  }
  try {
    const library = join(dirname(createRequire(import.meta.url).resolve('xgboost_node/package.json')), file);
    await access(library);
    return library;
  } catch (cause) {
    throw new XgboostLibraryError(
      'the library of XGBoost was not found',
      `Install the npm package 'xgboost_node' (its own install script need not run). ${ownLibrary}`,
      { cause },
    );
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
