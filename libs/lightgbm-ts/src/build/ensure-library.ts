import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadFault, prebuiltLibrary } from '@primatrix/boosting';
import { sha256Bytes, userCacheFolder, waitForLock, withAtomicFile } from '@primatrix/files';
import { LightgbmBuildError } from '../errors.ts';
import { compileLibrary, type BuildProgress } from './compile-library.ts';
import { findSources } from './sources.ts';
import { sourcesDigest } from './sources-digest.ts';
import type { Sources } from './sources.ts';
import { findCompiler, toolchainFor, unoptimisedUnits } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** How a build is followed and stopped, and where its environment comes from. */
export interface EnsureLibraryOptions {
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Stops the compilers and leaves nothing behind; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Default `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Path of the native library: what `PRIMATRIX_LIGHTGBM` names, else what the optional package `@primatrix/lightgbm-…` of
 * this platform brings, else what lies in the user's cache (`PRIMATRIX_CACHE` names another one). Where none of them has it, it is compiled from the source in npm's `lightgbm`, if that is
 * installed: about 80 s on two cores, once for each version of source and flags. Processes that ask at the same time
 * build it once.
 * @throws {@link LightgbmBuildError}
 */
export async function ensureLibrary(options: EnsureLibraryOptions = {}): Promise<string> {
  const environment = options.environment ?? process.env;
  const ready = await givenLibrary(environment);
  if (ready !== undefined) return ready;
  const { sources, toolchain, cache, name, folder, library } = await placeOfBuild(environment);
  if (await exists(library)) return library;

  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new LightgbmBuildError(`the cache folder ${folder} cannot be made`, {
      cause,
      hint: 'Set PRIMATRIX_CACHE to a folder that can be written to.',
    });
  });
  const onProgress = options.onProgress ?? (() => undefined);
  const total = sources.units.length + 1;
  const onWait = (): void => onProgress({ phase: 'wait', done: 0, total, fraction: 0, file: '' });
  await using _lock = await waitForLock(join(cache, `${name}.lock`), 'lightgbm', { signal: options.signal, onWait });
  if (await exists(library)) return library;
  const compiler = findCompiler(environment);
  const scratch = join(folder, 'objects');
  try {
    await removeLeftovers(folder);
    const log = join(folder, 'build.log');
    await withAtomicFile(library, (output) =>
      compileLibrary({
        sources,
        toolchain,
        compiler,
        folder: scratch,
        output,
        log,
        onProgress,
        signal: options.signal,
      }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return library;
}

/**
 * Why this machine has no library and cannot make one; undefined where it has or can. Nothing is compiled.
 * @throws {@link LightgbmBuildError} where `PRIMATRIX_LIGHTGBM` names what is not there
 */
export async function missingLibrary(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const ready = await givenLibrary(environment);
  if (ready !== undefined) return loadFault(ready);
  try {
    const { library } = await placeOfBuild(environment);
    if (!(await exists(library))) findCompiler(environment);
    return undefined;
  } catch (error) {
    if (!(error instanceof LightgbmBuildError)) throw error;
    const none = `there is no prebuilt LightGBM for ${process.platform} ${process.arch}`;
    return `${none}, and it cannot be compiled: ${error.message}`;
  }
}

/** What needs no building: the library that the user names, or the one that was made for this platform. */
async function givenLibrary(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const given = environment['PRIMATRIX_LIGHTGBM'];
  if (given === undefined || given === '') return prebuiltLibrary('lightgbm', import.meta.url);
  if (await exists(given)) return resolve(given);
  throw new LightgbmBuildError(`PRIMATRIX_LIGHTGBM names ${given}, which does not exist`, {
    hint: 'Correct the path, or unset the variable.',
  });
}

/** What is compiled, how, and where the result lies: a folder of its own in the cache for each source and flags. */
async function placeOfBuild(environment: NodeJS.ProcessEnv) {
  const sources = await findSources();
  const toolchain = toolchainFor(process.platform, process.arch);
  const cache = join(resolve(userCacheFolder({ env: environment })), 'native');
  const name = `lightgbm-${sources.version}-${await digest(sources, toolchain)}`;
  const folder = join(cache, name);
  return { sources, toolchain, cache, name, folder, library: join(folder, toolchain.libraryName) };
}

/** A build that was killed leaves its scratch files; under the lock nobody else can be using them. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== 'build.log') await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** 16 hexadecimal digits that change with the source, our patches, the flags and the platform. */
async function digest(sources: Sources, toolchain: Toolchain): Promise<string> {
  const flags = JSON.stringify([process.platform, process.arch, toolchain, unoptimisedUnits]);
  return sha256Bytes(`${flags}\n${await sourcesDigest(sources)}`).slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
