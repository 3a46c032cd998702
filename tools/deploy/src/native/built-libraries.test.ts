import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { checkLibrary } from './exports/check-library.ts';
import { readLibrary } from './exports/read-library.ts';
import { nativeLibraries } from './native-packages.ts';
import { targets } from './targets.ts';

const natives = join(workspaceRoot(), 'artifacts/native');
/** Loads a library with what the bindings load it with, and ends. */
const loads = `import { loadFault } from '@primatrix/boosting';
  process.exitCode = loadFault(process.argv[1]) === undefined ? 0 : 3;`;
const built = nativeLibraries.flatMap((library) => targets.map((target) => ({ library, target })));

/** What a release step has made, of targets that this machine cannot run, too. */
describe('packages of prebuilt libraries', () => {
  it('name functions that are called, each library its own', () => {
    expect(nativeLibraries.map(({ name, functions }) => [name, functions.length > 0])).toEqual([
      ['onnxruntime', true],
      ['lightgbm', true],
      ['xgboost', true],
    ]);
    expect(new Set(nativeLibraries.flatMap(({ functions }) => functions)).size).toBe(
      nativeLibraries.flatMap(({ functions }) => functions).length,
    );
  });

  for (const { library, target } of built) {
    const folder = join(natives, `${library.name}-${target.name}`);
    const lies = existsSync(join(folder, 'package.json'));
    const without = lies
      ? ''
      : ` (skipped: nx run deploy:native has not made artifacts/native/${library.name}-${target.name})`;
    it.skipIf(!lies)(`${library.name} for ${target.name} offers all that is called${without}`, async () => {
      const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { main: string };
      await checkLibrary(join(folder, main), target, library.functions);
      // Not by chance: a name that no library has is missed.
      expect((await readLibrary(join(folder, main))).functions).not.toContain('LGBM_NothingOfTheKind');
    });

    if (library.name === 'onnxruntime' || target.name !== `${process.platform}-${process.arch}`) continue;
    it.skipIf(!lies)(`${library.name} is loaded here, and the program that did so ends well${without}`, async () => {
      const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { main: string };
      const child = spawn(process.execPath, ['--input-type=module', '-e', loads, join(folder, main)], {
        cwd: join(workspaceRoot(), 'libs', `${library.name}-ts`),
      });
      expect(await once(child, 'close')).toEqual([0, null]);
    });
  }
});
