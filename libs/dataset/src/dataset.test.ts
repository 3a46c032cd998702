import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { openDataset } from './dataset.ts';

/** A folder with these files, by path below it. */
async function datasetFolder(files: Record<string, string>): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(folder.join(path)), { recursive: true });
    await writeFile(folder.join(path), content);
  }
  return folder;
}

const small = {
  'train_labels.csv': 'filename,bird,hog\nb.mp4,0,1\na.mp4,1,0\ngone.mp4,1,1\n',
  'submission_format.csv': 'filename,hog,bird\nt.mp4,0,0\n',
  'clips.csv': 'filename,site,captured_at\na.mp4,north,2016-03-31T17:05:00\nx/o.mp4,south,\nnobody.mp4,south,\n',
  'clips/a.mp4': 'aaa',
  'clips/deep/b.mp4': 'bb',
  'clips/t.mp4': 't',
  'clips/x/o.mp4': '',
  'clips/.hidden.mp4': 'h',
  'clips/Thumbs.db': 'h',
};

describe('openDataset', () => {
  it('joins tables and files', async () => {
    await using folder = await datasetFolder(small);
    const dataset = await openDataset(folder.path);
    expect(dataset.classes).toEqual(['bird', 'hog']);
    expect(dataset.clips).toEqual([
      {
        filename: 'a.mp4',
        path: folder.join('clips/a.mp4'),
        bytes: 3,
        split: 'train',
        labels: Uint8Array.of(1, 0),
        site: 'north',
        capturedAt: new Date('2016-03-31T17:05:00Z'),
      },
      {
        filename: 'b.mp4',
        path: folder.join('clips/deep/b.mp4'),
        bytes: 2,
        split: 'train',
        labels: Uint8Array.of(0, 1),
      },
      {
        filename: 'gone.mp4',
        path: folder.join('clips/gone.mp4'),
        bytes: null,
        split: 'train',
        labels: Uint8Array.of(1, 1),
      },
      { filename: 't.mp4', path: folder.join('clips/t.mp4'), bytes: 1, split: 'test' },
      { filename: 'x/o.mp4', path: folder.join('clips/x/o.mp4'), bytes: 0, split: 'other', site: 'south' },
    ]);
    expect(dataset.missing).toEqual(['gone.mp4']);
    expect(dataset.unknown).toEqual(['nobody.mp4']);
  });

  it('needs neither test table nor clips.csv', async () => {
    await using folder = await datasetFolder({
      'train_labels.csv': 'filename,bird\na.mp4,1\n',
      'clips/a.mp4': 'a',
      'clips/b.mp4': 'b',
    });
    expect((await openDataset(folder.path)).clips.map((clip) => clip.split)).toEqual(['train', 'other']);
  });

  it('reads other places', async () => {
    await using folder = await datasetFolder({
      'l.csv': 'filename,bird\na.mp4,1\n',
      't.csv': 'filename\nb.mp4\n',
      'm/a.mp4': 'a',
      'm/b.mp4': 'b',
    });
    const dataset = await openDataset(folder.path, {
      clips: folder.join('m'),
      labels: folder.join('l.csv'),
      test: folder.join('t.csv'),
    });
    expect(dataset.clips.map((clip) => clip.split)).toEqual(['train', 'test']);
    await expect(
      openDataset(folder.path, { clips: folder.join('m'), labels: folder.join('l.csv'), test: folder.join('no.csv') }),
    ).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
  });

  it('finds sites that clips.csv gives by path while the labels give base names', async () => {
    await using folder = await datasetFolder({
      'train_labels.csv': 'filename,bird\na.mp4,1\n',
      'clips.csv': 'filename,site\nn/a.mp4,north\no.mp4,south\n',
      'clips/n/a.mp4': 'a',
      'clips/s/o.mp4': 'a',
    });
    const dataset = await openDataset(folder.path);
    expect(dataset.clips.map((clip) => [clip.filename, clip.site])).toEqual([
      ['a.mp4', 'north'],
      ['s/o.mp4', 'south'],
    ]);
    expect(dataset.unknown).toEqual([]);
  });

  it('gives the digest of the content, not of place, time or row order', async () => {
    await using one = await datasetFolder(small);
    await using two = await datasetFolder({
      ...small,
      'train_labels.csv': '\uFEFFfilename;bird;hog\r\ngone.mp4;1;1\r\na.mp4;1;0\r\nb.mp4;0;1\r\n',
    });
    await utimes(two.join('clips/a.mp4'), 1, 1);
    const digest = (await openDataset(one.path)).digest;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await openDataset(two.path)).digest).toBe(digest);
    for (const change of [
      { 'train_labels.csv': 'filename,bird,hog\nb.mp4,1,1\na.mp4,1,0\ngone.mp4,1,1\n' },
      {
        'train_labels.csv': 'filename,birds,hog\nb.mp4,0,1\na.mp4,1,0\ngone.mp4,1,1\n',
        'submission_format.csv': 'filename\nt.mp4\n',
      },
      { 'submission_format.csv': 'filename,hog,bird\n' },
      { 'clips/a.mp4': 'aaaa' },
      { 'clips/new.mp4': '' },
      { 'clips.csv': 'filename,site\na.mp4,south\nx/o.mp4,south\n' },
    ] as Record<string, string>[]) {
      await using changed = await datasetFolder({ ...small, ...change });
      expect((await openDataset(changed.path)).digest, JSON.stringify(change)).not.toBe(digest);
    }
  });

  it('follows links, but not round in circles, and reports links that lead nowhere', async () => {
    await using folder = await datasetFolder({
      'train_labels.csv': 'filename,bird\na.mp4,1\nbroken.mp4,1\n',
      'disk/a.mp4': 'a',
    });
    await mkdir(folder.join('clips'));
    await symlink(folder.join('disk'), folder.join('clips/disk'));
    await symlink(folder.join('clips'), folder.join('disk/back'));
    await symlink(folder.join('nothing'), folder.join('clips/broken.mp4'));
    const dataset = await openDataset(folder.path);
    expect(dataset.clips.map((clip) => clip.filename)).toEqual(['a.mp4', 'broken.mp4']);
    expect(dataset.missing).toEqual(['broken.mp4']);
  });

  it.each([
    [
      'a file in train and test',
      { 'submission_format.csv': 'filename\nt.mp4\na.mp4\n' },
      'DATASET_SPLIT',
      'submission_format.csv:3',
    ],
    [
      'another class in the test table',
      { 'submission_format.csv': 'filename,bird,Hog\nt.mp4,0,0\n' },
      'DATASET_CLASSES',
      'missing hog; unknown Hog',
    ],
    ['a base name that two files have', { 'clips/other/b.mp4': '' }, 'DATASET_AMBIGUOUS', 'deep/b.mp4 or other/b.mp4'],
    [
      'one file under two names',
      { 'submission_format.csv': 'filename\ndeep/b.mp4\n' },
      'DATASET_AMBIGUOUS',
      'the same file',
    ],
  ] as [string, Record<string, string>, string, string][])('refuses %s', async (_, change, code, text) => {
    await using folder = await datasetFolder({ ...small, ...change });
    await expect(openDataset(folder.path)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text) as string,
    });
  });

  it('refuses a folder, labels or clips that are not there', async () => {
    await expect(openDataset('/nowhere')).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
    await using noLabels = await datasetFolder({ 'clips/a.mp4': '' });
    await expect(openDataset(noLabels.path)).rejects.toMatchObject({
      code: 'DATASET_NOT_FOUND',
      message: expect.stringContaining('train_labels.csv') as string,
    });
    await using noClips = await datasetFolder({ 'train_labels.csv': 'filename,bird\na.mp4,1\n' });
    await expect(openDataset(noClips.path)).rejects.toMatchObject({
      code: 'DATASET_NOT_FOUND',
      message: expect.stringContaining('clips') as string,
    });
  });
});
