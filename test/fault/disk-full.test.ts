import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { digestsBelow, filesBelow } from '../support/files-below.ts';
import { run, runAfter, type Finished } from '../support/primatrix.ts';
import { trainingOptions } from '../support/trained-sample.ts';

const sample = inject('trainedSample');

function isClear({ status, stderr }: Finished, says: RegExp): void {
  expect(status).toBe(1);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n\s+at |fault of primatrix/);
}

const partial = (names: readonly string[]) => names.filter((name) => name.endsWith('.tmp'));

describe.skipIf(process.platform === 'win32')('where files may not grow', () => {
  // The full disk below shows the same; it takes rights that few have.
  it.skipIf(canMount())(
    'train stops with the reason, leaves no part of a file, and goes on when there is room',
    async () => {
      await using folder = await temporaryFolder();
      const args = ['train', '--dataset', sample.dataset, '--artifacts', folder.path, ...trainingOptions];
      // Blocks of 512 bytes: room for some of the tensors.
      isClear(await runAfter('ulimit -f 60', args), /EFBIG|file too large|File too large/);
      const left = await filesBelow(folder.path);
      expect(left.filter((name) => name.endsWith('.safetensors')).length).toBeGreaterThan(0);
      expect(partial(left)).toEqual([]);
      expect((await run(args)).status).toBe(1);
      expect(await digestsBelow(folder.join('sample'))).toEqual(await digestsBelow(sample.artifacts));
    },
  );

  it('predict stops with the reason, and the next run has the result', async () => {
    await using folder = await temporaryFolder();
    const args = ['predict', join(sample.dataset, 'clips'), '--bundle', sample.bundle, '--out', folder.join('out.csv')];
    // Blocks of 512 bytes: room for the first level of some of the clips, about 10 kB each.
    isClear(await runAfter('ulimit -f 100', args), /EFBIG|file too large/);
    expect(existsSync(folder.join('out.csv'))).toBe(false);
    expect(partial(await filesBelow(folder.path))).toEqual([]);
    const again = await run(args);
    expect(again.stderr).toMatch(/[1-9]\d* of them in an earlier run/);
    expect((await readFile(folder.join('out.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(33);
  });
});

describe.skipIf(!canMount())('a disk that is full', () => {
  it('train and predict say so, leave nothing half-written, and go on when there is room', async () => {
    await using folder = await temporaryFolder();
    const disk = folder.join('disk');
    await mkdir(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk]).status).toBe(0);
    try {
      const args = ['train', '--dataset', sample.dataset, '--artifacts', disk, ...trainingOptions];
      const full = await run(args);
      isClear(full, /ENOSPC|no space left/i);
      expect(full.stderr).toContain('the disk is full');
      expect(partial(await filesBelow(disk))).toEqual([]);
      expect(spawnSync('mount', ['-o', 'remount,size=100m', disk]).status).toBe(0);
      expect((await run(args)).status).toBe(1);
      expect(await digestsBelow(join(disk, 'sample'))).toEqual(await digestsBelow(sample.artifacts));
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

/** Mounting takes more than being root: containers seldom may. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  return (
    spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt && umount /mnt'], { stdio: 'ignore' }).status ===
    0
  );
}
