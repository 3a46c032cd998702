import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { filesBelow } from './files-below.ts';

async function put(root: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(`${root}/${name}`.replace(/\/[^/]*$/, ''), { recursive: true });
    await writeFile(`${root}/${name}`, 'x');
  }
}
const namesOf = (files: readonly { name: string }[]) => files.map(({ name }) => name);
const isRoot = process.getuid?.() === 0;

describe('filesBelow', () => {
  it('passes over what is hidden, litter and bins, and says so', async () => {
    await using folder = await temporaryFolder();
    await put(
      folder.path,
      ...['DCIM/IMG_0001.MP4', 'DCIM/._IMG_0001.MP4', 'DCIM/Thumbs.db', 'DCIM/notes.txt'],
      ...['@eaDir/IMG_0001.JPG/SYNOPHOTO_THUMB_XL.jpg', '$RECYCLE.BIN/S-1-5-21/$R1ABC.mp4', '#recycle/old.mp4'],
      ...['.Trashes/501/old.mp4', 'System Volume Information/IndexerVolumeGuid', 'LOST.DIR/1.mp4', '__MACOSX/a.mp4'],
    );
    const { files, passedOver, unreadable } = await filesBelow(folder.path);
    expect(files).toMatchObject([
      { name: 'DCIM/IMG_0001.MP4', bytes: 1, isMedia: true },
      { name: 'DCIM/notes.txt', bytes: 1, isMedia: false },
    ]);
    expect(passedOver).toEqual([
      ...['#recycle/', '$RECYCLE.BIN/', '.Trashes/', '@eaDir/', 'DCIM/._IMG_0001.MP4', 'DCIM/Thumbs.db'],
      ...['LOST.DIR/', 'System Volume Information/', '__MACOSX/'],
    ]);
    expect(unreadable).toEqual([]);
  });

  it('follows links, not round in circles, and finds each folder once, by its own name', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, 'season/siteC/3.mp4', 'disk/siteB/1.mp4', 'disk/siteB/2.mp4');
    await symlink('../disk/siteB', folder.join('season/siteB'));
    await symlink('../disk/siteB', folder.join('season/siteB-again'));
    await symlink('..', folder.join('season/siteC/up'));
    await symlink('siteC', folder.join('season/a-link-to-siteC'));
    await symlink('../disk/siteB/1.mp4', folder.join('season/one.mp4'));
    await symlink('nowhere', folder.join('season/broken.mp4'));
    const { files, unreadable } = await filesBelow(folder.join('season'));
    expect(namesOf(files)).toEqual(['broken.mp4', 'one.mp4', 'siteB/1.mp4', 'siteB/2.mp4', 'siteC/3.mp4']);
    expect(files[0]).toMatchObject({ bytes: null, isMedia: true });
    expect(unreadable).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('goes on after a folder that it may not read', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, 'DCIM/IMG_0001.MP4', 'lost+found/x.mp4');
    await chmod(folder.path, 0o755);
    await chmod(folder.join('lost+found'), 0);
    // Whoever is root may read everything, and is nobody for this.
    if (isRoot) process.seteuid?.(65_534);
    const { files, unreadable } = await filesBelow(folder.path).finally(() => {
      if (isRoot) process.seteuid?.(0);
    });
    await chmod(folder.join('lost+found'), 0o700);
    expect(namesOf(files)).toEqual(['DCIM/IMG_0001.MP4']);
    expect(unreadable).toMatchObject([{ name: 'lost+found', path: folder.join('lost+found') }]);
    expect(unreadable[0]?.reason).toContain('EACCES');
  });

  it('tells of the folder itself that cannot be read', async () => {
    await using folder = await temporaryFolder();
    expect((await filesBelow(folder.join('gone'))).unreadable).toMatchObject([{ name: '' }]);
  });

  it.runIf(process.platform === 'linux')('keeps files whose names are not UTF-8 apart', async () => {
    await using folder = await temporaryFolder();
    for (const byte of [0xef, 0xee]) {
      await writeFile(
        Buffer.concat([Buffer.from(`${folder.path}/lat`), Buffer.from([byte]), Buffer.from('n1.mp4')]),
        'x',
      );
    }
    const { files } = await filesBelow(folder.path);
    expect(files).toMatchObject([
      { name: 'lat\u{fffd}n1 (2).mp4', bytes: 1 },
      { name: 'lat\u{fffd}n1.mp4', bytes: 1 },
    ]);
  });
});
