import { access, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Bytes, withAtomicFile } from '@primatrix/files';
import { LightgbmBuildError } from '../errors.ts';
import { withBuildLock } from './build-lock.ts';
import { compileLibrary, type BuildProgress } from './compile-library.ts';
import { patches } from './patches.ts';
import { findSources, sourceFiles } from './sources.ts';
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
 * Path of the native library. Looks at `PRIMATRIX_LIGHTGBM` (a path), then into the cache (`PRIMATRIX_CACHE`, else
 * `$XDG_CACHE_HOME/primatrix`, else `~/.cache/primatrix`), and compiles it from the source in npm's `lightgbm` when
 * neither has it: about 80 s on two cores, once for each version of source and flags. Processes that ask at the same
 * time build it once.
 * @throws {@link LightgbmBuildError}
 */
export async function ensureLibrary(options: EnsureLibraryOptions = {}): Promise<string> {
  const environment = options.environment ?? process.env;
  const given = environment['PRIMATRIX_LIGHTGBM'];
  if (given !== undefined && given !== '') {
    if (await exists(given)) return resolve(given);
    throw new LightgbmBuildError(`PRIMATRIX_LIGHTGBM names ${given}, which does not exist`, {
      hint: 'Correct the path, or unset the variable to have the library built.',
    });
  }
  const sources = await findSources();
  const toolchain = toolchainFor(process.platform, process.arch);
  const cache = join(cacheFolder(environment), 'native');
  const name = `lightgbm-${sources.version}-${await digest(sources, toolchain)}`;
  const folder = join(cache, name);
  const library = join(folder, toolchain.libraryName);
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
  await withBuildLock(join(cache, `${name}.lock`), { signal: options.signal, onWait }, async () => {
    if (await exists(library)) return;
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
  });
  return library;
}

/** A build that was killed leaves its scratch files; under the lock nobody else can be using them. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== 'build.log') await rm(join(folder, name), { recursive: true, force: true });
  }
}

function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const own = environment['PRIMATRIX_CACHE'];
  if (own !== undefined && own !== '') return resolve(own);
  const xdg = environment['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'primatrix');
}

/** 16 hexadecimal digits that change with the source, our patches, the flags and the platform. */
async function digest(sources: Sources, toolchain: Toolchain): Promise<string> {
  const parts: (string | Uint8Array)[] = [
    JSON.stringify([process.platform, process.arch, toolchain, unoptimisedUnits, patches]),
  ];
  for (const file of await sourceFiles(sources)) parts.push(file, await readFile(join(sources.root, file)));
  return sha256Bytes(parts.map((part) => sha256Bytes(part)).join('\n')).slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
