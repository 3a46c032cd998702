import { utimes, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { doubtfulTimes, withTimeOrder } from './with-time-order.ts';

it('orders files by a table, of which it says what does not fit, or by when they were modified', async () => {
  await using folder = await temporaryFolder();
  const files = ['a.mp4', 'b.mp4', 'gone.mp4'].map((filename) => ({ filename, path: folder.join(filename) }));
  const time = new Date('2016-03-01T10:00:00Z');
  for (const name of ['a.mp4', 'b.mp4']) {
    await writeFile(folder.join(name), '');
    await utimes(folder.join(name), time, time);
  }
  expect((await withTimeOrder(files, 'modified')).map(({ orderedAt }) => orderedAt)).toEqual([time, time, null]);
  await writeFile(folder.join('t.csv'), 'filename,captured_at\nb.mp4,2015-01-01\n');
  const said: string[] = [];
  const ordered = await withTimeOrder(files, folder.join('t.csv'), (text) => said.push(text));
  expect(ordered.map(({ orderedAt }) => orderedAt)).toEqual([null, new Date('2015-01-01T00:00:00Z'), null]);
  expect(said).toHaveLength(1);
});

it('doubts modification times only where a bundle goes by them', async () => {
  await using folder = await temporaryFolder();
  const files = Array.from({ length: 120 }, (_, i) => ({ filename: `${i}`, path: folder.join(`${i}`) }));
  for (const { path } of files) await writeFile(path, '');
  const nets = ['net'];
  const copied = /all 120 files were modified within \d+ min/;
  expect(await doubtfulTimes(files, { nets, order: 'modified' })).toMatch(copied);
  expect(await doubtfulTimes(files, { nets, order: 'site', times: 'modified' })).toMatch(copied);
  expect(await doubtfulTimes(files, { nets, order: 'modified', times: 'captured' })).toBeUndefined();
  expect(await doubtfulTimes(files, { nets, order: 'site' })).toBeUndefined();
  expect(await doubtfulTimes(files, { nets: [], order: 'modified' })).toBeUndefined();
  const ordered = files.map((file) => ({ ...file, orderedAt: null }));
  expect(await doubtfulTimes(ordered, { nets, order: 'modified' })).toBeUndefined();
});
