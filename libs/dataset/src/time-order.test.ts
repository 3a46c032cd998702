import { writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTimeOrder } from './time-order.ts';

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

it('goes by modification times where that is asked', async () => {
  expect(await readTimeOrder('modified', ['a.mp4'])).toEqual({ order: { by: 'modified' }, unmatched: [] });
});

it('reads the times of a table, which may name clips by their base names', async () => {
  const table = folder.join('times.csv');
  await writeFile(table, 'filename,captured_at\na.mp4,2016-03-01T10:00:00\nb.mp4,\nz.mp4,2016-03-02\n');
  const { order, unmatched } = await readTimeOrder(table, ['card/a.mp4', 'card/b.mp4', 'card/c.mp4']);
  expect(order).toEqual({ by: 'table', times: new Map([['card/a.mp4', new Date('2016-03-01T10:00:00Z')]]) });
  expect(unmatched.join(' ')).toMatch(/c\.mp4.*z\.mp4/);
});

it('refuses a table without times, or of other clips', async () => {
  const table = folder.join('sites.csv');
  await writeFile(table, 'filename,site\na.mp4,s\n');
  await expect(readTimeOrder(table, ['a.mp4'])).rejects.toMatchObject({ code: 'CSV_HEADER' });
  await writeFile(table, 'filename,captured_at\na.mp4,2016-03-01\n');
  await expect(readTimeOrder(table, ['b.mp4'])).rejects.toMatchObject({ code: 'DATASET_UNMATCHED' });
});
