import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';

const root = workspaceRoot();

it.skipIf(!existsSync('/dev/full'))('says why where its output cannot be written', async () => {
  await using folder = await temporaryFolder();
  await writeFile(
    folder.join('labels.csv'),
    `filename,a\n${['w', 'x', 'y', 'z'].map((n) => `${n}.mp4,1`).join('\n')}\n`,
  );
  const full = await open('/dev/full', 'w');
  try {
    const args = ['folds', '--labels', folder.join('labels.csv'), '--folds', '2', '--json'];
    const child = spawn(process.execPath, [join(root, 'apps/primatrix/bin/primatrix.js'), ...args], {
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let told = '';
    child.stderr?.on('data', (piece: Buffer) => (told += String(piece)));
    const [status] = (await once(child, 'close')) as [number];
    expect(told).toBe(
      'primatrix: what was asked for cannot be printed: ENOSPC: no space left on device, write [OUTPUT]\n' +
        '  the disk is full: make room and run the same command again, it goes on from what was finished\n',
    );
    expect(status).toBe(1);
  } finally {
    await full.close();
  }
});
