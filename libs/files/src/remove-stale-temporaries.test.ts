import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeStaleTemporaries } from './remove-stale-temporaries.ts';
import { temporaryName } from './temporary-name.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'primatrix-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('removeStaleTemporaries', () => {
  const ended = spawnSync(process.execPath, ['--version']).pid;

  it('removes what ended processes left, at any depth, and nothing else', async () => {
    await mkdir(join(folder, `a/.bundle.${ended}.tmp`), { recursive: true });
    for (const name of [
      `.x.csv.${ended}-0.tmp`,
      `a/.y.${ended}-12.tmp`,
      `.x.csv.${process.pid}-0.tmp`,
      'x.csv',
      'x.tmp',
      '.x.tmp',
    ]) {
      await writeFile(join(folder, name), '');
    }
    expect(await removeStaleTemporaries(folder)).toBe(3);
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      '.x.csv.' + process.pid + '-0.tmp',
      '.x.tmp',
      'a',
      'x.csv',
      'x.tmp',
    ]);
  });

  it('leaves what another machine may be writing, for a day', async () => {
    const names = [`.new.csv.${ended}-0-00000000.tmp`, `.old.csv.${ended}-0-00000000.tmp`];
    for (const name of names) await writeFile(join(folder, name), '');
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await utimes(join(folder, names[1] as string), yesterday, yesterday);
    expect(await removeStaleTemporaries(folder)).toBe(1);
    expect(await readdir(folder)).toEqual([names[0]]);
  });

  it("knows this machine's names", async () => {
    const own = temporaryName(join(folder, 'x.csv'));
    await writeFile(own, '');
    expect(await removeStaleTemporaries(folder)).toBe(0);
    await rename(own, own.replace(`.${process.pid}-`, `.${ended}-`));
    expect(await removeStaleTemporaries(folder)).toBe(1);
  });

  it('can be kept to one file of one folder', async () => {
    await mkdir(join(folder, 'a'));
    for (const name of [`.x.csv.${ended}-0.tmp`, `.y.csv.${ended}-0.tmp`, `a/.x.csv.${ended}-0.tmp`]) {
      await writeFile(join(folder, name), '');
    }
    expect(await removeStaleTemporaries(folder, { recursive: false, of: 'x.csv' })).toBe(1);
    expect(await removeStaleTemporaries(join(folder, 'nowhere'))).toBe(0);
  });
});
