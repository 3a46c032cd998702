import { mkdir, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { listInputs } from './list-inputs.ts';

describe('listInputs', () => {
  it('finds media below folders, names what it skips, and keeps named files that are not there', async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.join('a/b'), { recursive: true });
    await mkdir(folder.join('a/primatrix-review/cache'), { recursive: true });
    for (const name of ['a/b/ü 1.AVI', 'a/x.mp4', 'a/notes.txt', 'a/.hidden.mp4', 'a/primatrix-review/cache/1.jpg']) {
      await writeFile(folder.join(name), '');
    }
    const { files, skipped } = await listInputs([folder.join('a'), folder.join('gone.mp4'), folder.join('a/x.mp4')]);
    expect(files.map((file) => file.filename)).toEqual(['b/ü 1.AVI', 'x.mp4', 'gone.mp4']);
    expect(skipped).toEqual(['a/.hidden.mp4', 'a/notes.txt', 'a/primatrix-review/'].map((name) => folder.join(name)));
  });

  it('tells files of one name in two folders apart', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['p', 'q']) {
      await mkdir(folder.join(name));
      await writeFile(folder.join(name, 'x.mp4'), '');
    }
    const { files } = await listInputs([folder.join('p'), folder.join('q')]);
    expect(files.map((file) => file.filename)).toEqual(['p/x.mp4', 'q/x.mp4']);
  });
});
