import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { portOfFolder } from './port-of-folder.ts';

const host = '127.0.0.1';
let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder('primatrix-port-')));
afterEach(() => folder.remove());

it('is the same whenever and however a folder is opened, and another for another folder', async () => {
  await mkdir(folder.join('season'));
  await symlink(folder.join('season'), folder.join('link'));
  const port = await portOfFolder(folder.join('season'), host);
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(30_000);
  expect(await portOfFolder(folder.join('link/../season'), host)).toBe(port);
  expect(await portOfFolder(folder.join('link'), host)).toBe(port);
  expect(await portOfFolder(folder.path, host)).not.toBe(port);
});

it('is any free one where another program has it, and says so', async () => {
  const port = await portOfFolder(folder.path, host);
  const other = createServer().listen(port, host);
  await once(other, 'listening');
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(await portOfFolder(folder.path, host)).toBe(0);
    expect(said.mock.calls.join()).toContain(`another program has port ${port}`);
  } finally {
    other.close();
  }
  await once(other, 'close');
  expect(await portOfFolder(folder.path, host)).toBe(port);
});
