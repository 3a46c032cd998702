import { expect, it, vi } from 'vitest';
import { ClipTable } from '../clips/clip-table.ts';
import { StampReading } from './stamp-proposals.ts';

const stampOf = (text: string) => ({ text, times: { 'month-first': text }, camera: 'Cam3', temperature: null });

it('proposes what stamps show beside what is known, and changes nothing', async () => {
  const table = new ClipTable(['blank'], [], '/uploads');
  const clip = { path: '/a', site: 'ridge', capturedAt: '2015-01-01T00:00:00' };
  for (const id of ['a', 'b']) table.add({ ...clip, id, filename: `${id}.jpg` });
  const read: string[] = [];
  await using stamps = new StampReading(table, () =>
    Promise.resolve({
      reader: {
        readFile: (path) => {
          read.push(path);
          return Promise.resolve(stampOf('2015-06-30T16:13:26'));
        },
      },
      settle: (some) => some.map(({ times }) => times['month-first'] ?? null),
    }),
  );
  expect(stamps.proposals()).toMatchObject({ state: 'none', proposals: [] });
  await expect(stamps.begin('nowhere')).rejects.toMatchObject({ code: 'SITE_UNKNOWN' });
  expect(await stamps.begin('ridge')).toMatchObject({ state: 'reading', of: 2 });
  await vi.waitUntil(() => stamps.proposals().state === 'done');
  expect(stamps.proposals().proposals).toMatchObject([
    { filename: 'a.jpg', stamp: '2015-06-30T16:13:26', now: '2015-01-01T00:00:00', camera: 'Cam3' },
    { filename: 'b.jpg' },
  ]);
  expect([...table.rows()].map(({ capturedAt }) => capturedAt)).toEqual(['2015-01-01T00:00:00', '2015-01-01T00:00:00']);
});

it('says why it stopped, and can be asked again', async () => {
  const table = new ClipTable(['blank'], [], '/uploads');
  table.add({ id: 'a', filename: 'a.jpg', path: '/a', site: null, capturedAt: null });
  await using stamps = new StampReading(table, () => Promise.reject(new Error('no models')));
  for (let i = 0; i < 2; i++) {
    await stamps.begin(null);
    await vi.waitUntil(() => stamps.proposals().state === 'stopped');
    expect(stamps.proposals().trouble).toBe('no models');
  }
});
