import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'primatrix-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** As a process has it that has just started. */
async function freshly() {
  vi.resetModules();
  return (await import('./scratch-folder.ts')).scratchFolder;
}

describe('scratchFolder', () => {
  it('is gone with its scope, and nobody else may read it', async () => {
    const scratchFolder = await freshly();
    {
      await using scratch = await scratchFolder('primatrix-x');
      await writeFile(join(scratch.path, 'a'), '');
      if (process.platform !== 'win32') expect((await stat(scratch.path)).mode & 0o777).toBe(0o700);
      await using other = await scratchFolder('primatrix-x');
      expect(other.path).not.toBe(scratch.path);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('removes at the first of a process what killed ones have left of the same purpose', async () => {
    const ended = spawnSync(process.execPath, ['--version']).pid;
    const { path } = await (await freshly())('primatrix-x');
    const left = path.replace(`.${process.pid}-`, `.${ended}-`);
    await rename(path, left);
    await writeFile(join(left, 'samples'), 'x');
    const stays = [
      basename(path).replace('-0-', '-7-'),
      basename(left).replace('primatrix-x', 'primatrix-y'),
      'primatrix-x',
      'other',
    ];
    for (const name of stays) await mkdir(join(folder, name));
    const scratchFolder = await freshly();
    {
      await using one = await scratchFolder('primatrix-x');
      expect((await readdir(folder)).sort()).toEqual([...stays, basename(one.path)].sort());
    }
    await mkdir(left);
    await using _two = await scratchFolder('primatrix-x');
    expect(await readdir(folder)).toContain(basename(left));
  });

  it.skipIf(process.platform === 'win32')('uses no folder that somebody made before it', async () => {
    const scratchFolder = await freshly();
    const { path } = await scratchFolder('primatrix-x');
    await mkdir(path.replace(/-0-/, '-1-'));
    await expect(scratchFolder('primatrix-x')).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
