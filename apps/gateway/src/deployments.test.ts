import { utimes } from 'node:fs/promises';
import { deploymentChangedSchema, deploymentSchema, undoneSchema, type DeploymentInput } from '@primatrix/review-api';
import type { TemporaryFolder } from '@primatrix/testkit';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cardOfClips, open, type Opened } from './gateway.fixture.ts';

let card: TemporaryFolder;
let opened: Opened;
beforeEach(async () => {
  card = await cardOfClips();
  opened = await open(card.join('project'));
  await opened.post('/api/folders', { path: card.join('card') });
  await opened.predicted();
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await card.remove();
});

const list = async () => deploymentSchema.array().parse(await (await opened.get('/api/deployments')).json());
const change = async (input: DeploymentInput) =>
  deploymentChangedSchema.parse(await (await opened.post('/api/deployments', { from: 'here', ...input })).json());
const undo = async () => undoneSchema.parse(await (await opened.post('/api/decisions/undo', { from: 'here' })).json());
const csv = async (name: string) => (await (await opened.get(`/api/export/${name}`)).text()).trim().split('\n');

it('renames and merges sites, and undoes both, also after another start', async () => {
  expect((await list()).map(({ site, clips }) => [site, clips])).toEqual([
    ['card', 1],
    ['card/site-1', 1],
  ]);
  const looked = await change({ site: 'card', change: { does: 'rename', to: 'card/site-1' }, preview: true });
  expect(looked).toMatchObject({ act: null, changed: 1, merges: true });
  expect(await list()).toHaveLength(2);
  await change({ site: 'card', change: { does: 'rename', to: 'ridge' } });
  await change({ site: 'card/site-1', change: { does: 'rename', to: 'ridge' } });
  expect((await list()).map(({ site, clips }) => [site, clips])).toEqual([['ridge', 2]]);
  // Both changes are taken up one after the other.
  await vi.waitFor(() => expect(opened.predictor.weighed.at(-1)).toHaveLength(2), { timeout: 20_000 });
  await opened[Symbol.asyncDispose]();
  opened = await open(card.join('project'));
  expect(await list()).toMatchObject([{ site: 'ridge', clips: 2 }]);
  expect(await undo()).toMatchObject({ about: 'setting', kept: 0 });
  expect((await list()).map(({ site }) => site)).toEqual(['card/site-1', 'ridge']);
  await undo();
  expect((await list()).map(({ site }) => site)).toEqual(['card', 'card/site-1']);
});

it('gives clips the dates of their files where they have no time, says so, shifts them, and tells exports the zone', async () => {
  await utimes(card.join('card/b.avi'), new Date('2024-05-06T07:08:09'), new Date('2024-05-06T07:08:09'));
  const site = 'card';
  expect(await list()).toMatchObject([{ site, first: null, timeless: 1 }, {}]);
  // Nothing to shift where no time is known.
  expect(await change({ site, change: { does: 'clock', seconds: 60 } })).toMatchObject({
    act: null,
    changed: 0,
    passed: 1,
  });
  await change({ site, change: { does: 'file-dates' } });
  expect(await list()).toMatchObject([{ first: '2024-05-06T07:08:09', timeless: 0, fromFileDate: 1 }, {}]);
  const shift = { does: 'clock', seconds: 3600 * 24 * 366 } as const;
  expect(await change({ site, change: shift, preview: true })).toMatchObject({
    act: null,
    examples: [{ filename: 'card/b.avi', before: '2024-05-06T07:08:09', after: '2025-05-07T07:08:09' }],
  });
  expect(await list()).toMatchObject([{ first: '2024-05-06T07:08:09' }, {}]);
  await change({ site, change: shift });
  await change({ site, change: { does: 'zone', zone: 'Africa/Kinshasa' } });
  await change({ site, change: { does: 'place', coordinates: { latitude: -1.5, longitude: 30.25 } } });
  expect(await list()).toMatchObject([
    { first: '2025-05-07T07:08:09', zone: 'Africa/Kinshasa', coordinates: { latitude: -1.5 }, fromFileDate: 1 },
    {},
  ]);
  expect((await csv('clips.csv')).slice(1)).toContain('card/b.avi,card,2025-05-07T07:08:09+01:00,-1.5,30.25,file-date');
  expect((await csv('deployments.csv'))[1]).toBe(
    'card,1,2025-05-07T07:08:09,2025-05-07T07:08:09,-1.5,30.25,Africa/Kinshasa,0',
  );
  const zip = unzipSync(new Uint8Array(await (await opened.get('/api/export/camtrap-dp.zip')).arrayBuffer()));
  expect(strFromU8(zip['media.csv'] as Uint8Array)).toContain('2025-05-07T07:08:09+01:00');
  expect(strFromU8(zip['media.csv'] as Uint8Array)).toContain('the date of the file');
  expect(strFromU8(zip['deployments.csv'] as Uint8Array)).toContain('card,-1.5,30.25,,2025-05-07T07:08:09+01:00');
  for (let i = 0; i < 4; i++) await undo();
  await opened.predicted();
  expect(await list()).toMatchObject([{ first: null, zone: null, coordinates: null, timeless: 1 }, {}]);
});

it('refuses what cannot be, and changes nothing', async () => {
  const refused = async (body: object) => (await opened.post('/api/deployments', body)).status;
  expect(await refused({ site: 'nowhere', change: { does: 'file-dates' } })).toBe(404);
  expect(await refused({ site: 'card', change: { does: 'zone', zone: 'Mars/Olympus' } })).toBe(422);
  expect(await refused({ site: 'card', change: { does: 'place', coordinates: { latitude: 91, longitude: 0 } } })).toBe(
    422,
  );
  const { id } = opened.project.table.named('card/b.avi') ?? { id: '' };
  const times = [{ id, capturedAt: '2024-02-30T00:00:00' }];
  expect(await refused({ site: 'card', change: { does: 'stamps', times } })).toBe(422);
  expect(await undo()).toMatchObject({ act: null });
});
