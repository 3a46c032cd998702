import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrimatrixError } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import { libraryFile, type Target } from './targets.ts';

const run = promisify(execFile);

/** A shared library that is compiled for other platforms than this. */
export interface CrossBuild {
  /** File name of the library without its ending. */
  readonly stem: string;
  /** Changes with the sources: a library that is in the cache already is not built again. */
  readonly sources: string;
  /** C++ files. */
  readonly units: readonly string[];
  readonly includes: readonly string[];
  readonly flags: readonly string[];
  /** Functions that the library offers, for Windows, which wants a list; none where the sources mark them. */
  readonly exports: readonly string[];
}

/**
 * Flags of every target. Clang may fuse a product and a sum into one rounding on processors that can: off, so that
 * every platform computes what x64 computes.
 */
const everywhere = ['-std=c++17', '-O3', '-DNDEBUG', '-ffp-contract=off', '-fno-sanitize=undefined', '-w'];

/** A library that a running program loads finds no room left for thread-local variables of a fixed place. */
const anyMoment = ['-ftls-model=global-dynamic'];

/**
 * Zig's start files have nobody destroy a library's static objects where it is unloaded, so that a program that has
 * unloaded one, as Node does when it ends, would call what is no longer there: the library stays until the very end.
 */
const stays = ['-Wl,-z,nodelete'];

/**
 * Compiles and links with `zig c++`.
 * @param cache folder that keeps finished libraries
 * @param onUnit called after each compiled file
 * @returns path of the library
 * @throws PrimatrixError NATIVE_BUILD with the compiler's words
 */
export async function crossBuild(
  build: CrossBuild,
  target: Target,
  { zig, cache, onUnit }: { readonly zig: string; readonly cache: string; readonly onUnit: (file: string) => void },
): Promise<string> {
  const { stem, units, includes, flags, exports, sources } = build;
  const windows = target.platform === 'win32';
  const platformFlags = windows ? ['-DWIN_HAS_INET_PTON'] : ['-fPIC', '-pthread', ...anyMoment];
  const compile = [...everywhere, ...flags, ...platformFlags, ...includes.map((folder) => `-I${folder}`)];
  const linkFlags = windows ? ['-lws2_32', '-liphlpapi'] : ['-pthread', ...(target.platform === 'linux' ? stays : [])];
  const told = [sources, everywhere, flags, platformFlags, linkFlags, exports, target];
  const key = sha256Bytes(JSON.stringify(told)).slice(0, 16);
  const folder = join(cache, `${stem}-${target.name}-${key}`);
  const file = libraryFile(stem, target);
  const library = join(folder, file);
  if (await exists(library)) return library;

  const objects = join(folder, 'objects');
  await mkdir(objects, { recursive: true });
  const cxx = async (what: string, args: readonly string[]) => {
    try {
      await run(zig, ['c++', '-target', target.triple, ...args], { maxBuffer: 64e6 });
    } catch (cause) {
      const { stderr = '' } = cause as { stderr?: string };
      const words = stderr.trim().split('\n').slice(-20).join('\n  ');
      throw new PrimatrixError('NATIVE_BUILD', `deploy: ${stem} for ${target.name}: ${what}\n  ${words}`, { cause });
    }
  };
  const queue = units.map((unit, i) => ({ unit, object: join(objects, `${i}.o`) }));
  const all = queue.map(({ object }) => object);
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await cxx(next.unit, [...compile, '-c', next.unit, '-o', next.object]);
      onUnit(next.unit);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));

  const list = join(objects, 'exports.def');
  await writeFile(list, ['EXPORTS', ...exports].join('\n'));
  const listed = windows && exports.length > 0 ? [list] : [];
  await cxx('linking', ['-shared', '-s', '-o', join(objects, file), ...all, ...listed, ...linkFlags]);
  await rename(join(objects, file), library);
  await rm(objects, { recursive: true });
  return library;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
