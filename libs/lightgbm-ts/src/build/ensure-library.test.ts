import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LightgbmBuildError } from '../errors.ts';
import { ensureLibrary } from './ensure-library.ts';
import type { BuildProgress } from './compile-library.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lightgbm-build-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** A compiler that notes its calls and writes its arguments to the file after -o; `extra` runs first. */
async function fakeCompiler(extra = ''): Promise<NodeJS.ProcessEnv> {
  const path = join(folder, 'compiler');
  const script = [
    '#!/bin/sh',
    '[ "$1" = --version ] && exit 0',
    extra,
    `echo "$@" >> '${join(folder, 'calls')}'`,
    'for a; do [ "$last" = -o ] && echo "$@" > "$a"; last="$a"; done',
  ];
  await writeFile(path, script.join('\n'));
  await chmod(path, 0o755);
  return { PATH: process.env['PATH'], CXX: path, PRIMATRIX_CACHE: join(folder, 'cache') };
}

const calls = async (): Promise<string[]> => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');

describe('ensureLibrary', () => {
  it('compiles every source once, links, and finds the library from then on', async () => {
    const environment = await fakeCompiler();
    const progress: BuildProgress[] = [];
    const library = await ensureLibrary({ environment, onProgress: (step) => progress.push(step) });
    const made = await calls();
    expect(progress.map(({ done }) => done)).toEqual(made.map((_, index) => index + 1));
    expect(progress.at(-1)).toMatchObject({ phase: 'link', fraction: 1, total: made.length });
    expect(progress.map(({ fraction }) => fraction)).toEqual(
      progress.map(({ fraction }) => fraction).sort((a, b) => a - b),
    );
    const compiled = made.slice(0, -1).map((line) => /(src\/\S+\.cpp) -o/.exec(line)?.[1]);
    expect(new Set(compiled).size).toBe(compiled.length);
    expect(compiled).toEqual(
      expect.arrayContaining(['src/c_api.cpp', 'src/boosting/gbdt.cpp', 'src/treelearner/serial_tree_learner.cpp']),
    );
    // The only unoptimised object comes last, so that the linker takes inline functions from the others.
    expect(made.filter((line) => line.includes('-O0')).length).toBe(1);
    expect(made.at(-1)).toMatch(/voting_parallel_tree_learner\.cpp\.o$/);
    expect((await readdir(dirname(library))).sort()).toEqual(['build.log', 'lib_lightgbm.so']);

    expect(await ensureLibrary({ environment, onProgress: () => expect.unreachable() })).toBe(library);
    expect((await calls()).length).toBe(made.length);
  });

  it('builds once for two that ask at the same time', async () => {
    const environment = await fakeCompiler();
    const waits: string[] = [];
    const ask = (name: string): Promise<string> =>
      ensureLibrary({ environment, onProgress: ({ phase }) => phase === 'wait' && waits.push(name) });
    const [a, b] = await Promise.all([ask('a'), ask('b')]);
    expect(a).toBe(b);
    expect(waits.length).toBe(1);
    expect((await calls()).filter((line) => line.includes('c_api.cpp -o')).length).toBe(1);
  });

  it('repeats the compiler’s last words when it fails, and keeps the log', async () => {
    const environment = await fakeCompiler(
      'case "$*" in *bin.cpp*) echo "bin.cpp:7: error: no such thing" >&2; exit 3;; esac',
    );
    const error = await ensureLibrary({ environment }).then(
      expect.unreachable,
      (thrown: unknown) => thrown as LightgbmBuildError,
    );
    expect(error).toBeInstanceOf(LightgbmBuildError);
    expect(error).toMatchObject({ code: 'LIGHTGBM_BUILD', lastLines: ['bin.cpp:7: error: no such thing'] });
    expect(error.message).toMatch(/failed on src\/io\/bin\.cpp \(exit status 3\)[^]*no such thing/);
    expect(error.hint).toMatch(/C\+\+11/);
    expect(await readFile(error.log ?? '', 'utf8')).toContain('no such thing');
    expect(await readdir(dirname(error.log ?? ''))).toEqual(['build.log']);
  });

  it('says what to install when there is no compiler', async () => {
    const environment = { ...(await fakeCompiler()), CXX: join(folder, 'absent') };
    const error: unknown = await ensureLibrary({ environment }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'LIGHTGBM_BUILD', hint: expect.stringMatching(/apt install g\+\+/) });
  });

  it('stops its compilers when told, and leaves nothing behind', async () => {
    const environment = await fakeCompiler('case "$*" in *metric.cpp*) sleep 600;; esac');
    const controller = new AbortController();
    const building = ensureLibrary({
      environment,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('no more')),
    });
    await expect(building).rejects.toThrow('no more');
    const native = join(folder, 'cache', 'native');
    const [name, ...others] = await readdir(native);
    expect(others).toEqual([]);
    expect(await readdir(join(native, name ?? ''))).toEqual(['build.log']);
  });

  it('clears away what a killed build left', async () => {
    const environment = await fakeCompiler();
    const library = await ensureLibrary({ environment });
    await rm(library);
    await mkdir(join(dirname(library), 'objects'));
    await writeFile(join(dirname(library), '.lib_lightgbm.so.1-0.tmp'), 'half');
    await ensureLibrary({ environment });
    expect((await readdir(dirname(library))).sort()).toEqual(['build.log', 'lib_lightgbm.so']);
  });

  it('takes the library it is given', async () => {
    const path = join(folder, 'mine.so');
    await writeFile(path, '');
    expect(await ensureLibrary({ environment: { PRIMATRIX_LIGHTGBM: path } })).toBe(path);
    await expect(ensureLibrary({ environment: { PRIMATRIX_LIGHTGBM: `${path}x` } })).rejects.toThrow(
      LightgbmBuildError,
    );
  });
});
