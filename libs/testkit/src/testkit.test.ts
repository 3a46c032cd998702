import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freePort, natsServerAvailable, sharedData, startNatsServer, temporaryFolder, workspaceRoot } from './index.ts';

afterEach(() => vi.unstubAllEnvs());

describe('temporaryFolder', () => {
  it('is there inside its scope and gone after it, with all its files', async () => {
    let path: string;
    {
      await using folder = await temporaryFolder();
      path = folder.path;
      await writeFile(folder.join('a.txt'), 'a');
      expect(existsSync(folder.join('a.txt'))).toBe(true);
    }
    expect(existsSync(path)).toBe(false);
  });
});

describe('sharedData', () => {
  it('follows PRIMATRIX_DATA and says undefined for what is missing', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('clip.mp4'), '');
    vi.stubEnv('PRIMATRIX_DATA', folder.path);
    expect(sharedData('clip.mp4')).toBe(folder.join('clip.mp4'));
    expect(sharedData('other.mp4')).toBeUndefined();
  });

  it('finds the workspace root', () => {
    expect(existsSync(`${workspaceRoot()}/nx.json`)).toBe(true);
  });
});

describe('freePort', () => {
  it('can be listened on', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  });
});

describe.skipIf(!natsServerAvailable())('startNatsServer', () => {
  it('serves, comes back on the same port after a kill, and stops', async () => {
    await using server = await startNatsServer();
    const { url, pid } = server;
    expect(pid).toBeGreaterThan(0);
    await server.kill();
    expect(server.pid).toBeUndefined();
    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(pid);
    await server.stop();
    await server.stop();
  });
});
