import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { withOrigins } from './with-origins.ts';

const files = ['a/x.mp4', 'a/y.mp4', 'b/x.mp4'].map((filename) => ({ filename, path: `/clips/${filename}` }));

describe('withOrigins', () => {
  it('takes each folder for a site where no table says better', async () => {
    expect((await withOrigins(files, undefined)).map(({ site }) => site)).toEqual(['/clips/a', '/clips/a', '/clips/b']);
  });

  it('goes by the table: whole names, base names that are no namesakes, and nothing for the others', async () => {
    await using folder = await temporaryFolder();
    const table = folder.join('clips.csv');
    await writeFile(table, 'filename,site,captured_at\nb/x.mp4,hill,2014-06-01T10:00:00Z\ny.mp4,lake,\nx.mp4,wrong,\n');
    expect(await withOrigins(files, table)).toEqual([
      files[0],
      { ...files[1], site: 'lake' },
      { ...files[2], site: 'hill', capturedAt: new Date('2014-06-01T10:00:00Z') },
    ]);
  });

  it('refuses a table of other clips', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('clips.csv'), 'filename,site\nz.mp4,hill\n');
    await expect(withOrigins(files, folder.join('clips.csv'))).rejects.toMatchObject({ code: 'PREDICT_SITES' });
  });
});
