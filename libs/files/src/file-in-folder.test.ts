import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { textInFolder } from './file-in-folder.ts';

it.skipIf(process.platform === 'win32')(
  'reads a text of its own folder, and never waits for what is no file',
  async () => {
    await using folder = await temporaryFolder();
    const within = folder.join('in');
    await mkdir(within);
    await writeFile(folder.join('secret'), 's');
    await writeFile(`${within}/a.json`, '{"é":1}');
    await symlink('a.json', `${within}/link.json`);
    await symlink('../secret', `${within}/out.json`);
    await symlink('/dev/zero', `${within}/zero.json`);
    execFileSync('mkfifo', [`${within}/pipe.json`]);
    await mkdir(`${within}/folder.json`);
    await writeFile(`${within}/huge.json`, '');
    await truncate(`${within}/huge.json`, 2 ** 40);
    expect(await textInFolder(within, 'a.json')).toBe('{"é":1}');
    expect(await textInFolder(within, 'link.json')).toBe('{"é":1}');
    const refused: [string, RegExp][] = [
      ['out.json', /out\.json is a link out of its folder/],
      ['zero.json', /is a link out of its folder/],
      ['pipe.json', /is no file, but a folder, a pipe or a device/],
      ['folder.json', /is no file, but a folder/],
      ['huge.json', /has 1099511627776 bytes, where at most 67108864 are read/],
      ['none.json', /is gone/],
      ['../secret', /does not lie in its folder/],
    ];
    for (const [name, says] of refused) await expect(textInFolder(within, name), name).rejects.toThrow(says);
  },
);
