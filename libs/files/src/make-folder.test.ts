import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

it('makes a folder and those above it, also when several want it at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'make-folder-'));
  try {
    await Promise.all(Array.from({ length: 8 }, (_, i) => makeFolder(join(folder, 'a/b/c', String(i % 2)))));
    await makeFolder(join(folder, 'a/b'));
    expect((await stat(join(folder, 'a/b/c/1'))).isDirectory()).toBe(true);
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.runIf(process.platform === 'linux')('ends where no folder can be made', async () => {
  await expect(makeFolder('/proc/nowhere/below')).rejects.toMatchObject({ code: 'ENOENT' });
});
