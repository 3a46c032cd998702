import { readFile, writeFile } from 'node:fs/promises';
import { decidedSchema, undoneSchema, type ClipSummary } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from 'vitest';
import { cardOfClips, open, openEvents, type Opened } from './gateway.fixture.ts';

let card: TemporaryFolder;
let folder: TemporaryFolder;
let opened: Opened;
let ids: string[];

beforeAll(async () => void (card = await cardOfClips()));
afterAll(() => card.remove());
beforeEach(async () => {
  folder = await temporaryFolder();
  opened = await open(folder.path);
  await opened.post('/api/folders', { path: card.join('card') });
  ids = (await opened.predicted()).clips.map(({ id }) => id);
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await folder.remove();
});

const decide = async (body: object) => decidedSchema.parse(await (await opened.post('/api/decisions', body)).json());
const undo = async (body: object) => undoneSchema.parse(await (await opened.post('/api/decisions/undo', body)).json());
async function clips(): Promise<ClipSummary[]> {
  return (await opened.predicted()).clips;
}
const said = async () => (await clips()).map(({ review }) => review?.species.join() ?? '');

it('decides of many clips at once, accepts of each what is most probable, and says how many will be wrong', async () => {
  const accepted = await decide({ ids, decision: 'accepted', by: 'Ana' });
  expect(accepted).toMatchObject({ changed: 2, passed: 0 });
  // Two clips of 85 %.
  expect(accepted.expectedWrong).toBeCloseTo(0.3);
  expect(await said()).toEqual(['leopard', 'leopard']);
  expect((await decide({ ids, decision: 'blank' })).expectedWrong).toBeNull();
  expect(await said()).toEqual(['blank', 'blank']);
  for (const body of [
    { ids: [], decision: 'blank' },
    { ids: ['x'], decision: 'blank' },
    { ids, decision: 'corrected' },
    { ids, decision: 'corrected', species: ['blank', 'duiker'] },
  ]) {
    expect([body, (await opened.post('/api/decisions', body)).status]).toEqual([body, 422]);
  }
  const choice = (await (await opened.get('/api/clips/ids?offset=1&limit=1')).json()) as { ids: string[] };
  expect(choice).toMatchObject({ ids: [ids[1]], expectedWrong: expect.closeTo(0.15) as number });
});

it('undoes the last decision of each place, single or of many, and finds all of it after another start', async () => {
  const [first = '', second = ''] = ids;
  await decide({ ids, decision: 'blank', from: 'ana' });
  await opened.post(`/api/clips/${first}/review`, { decision: 'corrected', species: ['duiker'], from: 'ben' });
  await opened.post(`/api/clips/${second}/review`, { decision: 'unsure', species: [], from: 'ana' });
  const events = await openEvents(opened, undefined);
  expect(await undo({ from: 'ana' })).toMatchObject({ decision: 'unsure', clips: [second], kept: 0 });
  expect(JSON.parse((await events.until(1, 'review'))[0]?.data ?? '')).toMatchObject({ decision: 'undone', clips: 1 });
  await events.close();
  expect(await said()).toEqual(['duiker', 'blank']);

  // Whoever is killed leaves a torn line at most.
  await opened[Symbol.asyncDispose]();
  const log = folder.join('primatrix-review/reviews.jsonl');
  await writeFile(log, `${await readFile(log, 'utf8')}{"act":"torn","reviews":[{"clip":"${first}"`);
  opened = await open(folder.path);
  expect(await said()).toEqual(['duiker', 'blank']);
  expect(await undo({ from: 'ana' })).toMatchObject({ decision: 'blank', clips: ids, kept: 1 });
  expect(await said()).toEqual(['duiker', '']);
  expect(await undo({ from: 'ana' })).toMatchObject({ act: null, clips: [] });
  expect((await opened.post('/api/decisions/undo', { act: 'gone' })).status).toBe(409);
});

it('writes notes without touching who decided what, and keeps observations', async () => {
  const [first = '', second = ''] = ids;
  const observations = [
    { species: 'Leopard', count: 1, lifeStage: 'adult', sex: 'female' },
    { species: 'leopard', count: 2, lifeStage: 'juvenile', behaviour: 'feeding', from: 1.5, to: 4 },
  ];
  const review = { decision: 'accepted', species: ['leopard'], observations, by: 'Ben' };
  expect((await opened.post(`/api/clips/${first}/review`, review)).status).toBe(200);
  const { act } = await decide({ ids, note: 'rain on the lens', by: 'Ana' });
  const [one, other] = await clips();
  expect([one?.note, other?.note]).toEqual(['rain on the lens', 'rain on the lens']);
  expect(one?.review).toMatchObject({ by: 'Ben', observations: [{ species: 'leopard' }, { from: 1.5, to: 4 }] });
  expect(other?.review).toBeNull();
  // A decision leaves the note; its own replaces it.
  await decide({ ids: [second], decision: 'unsure' });
  expect((await clips())[1]?.note).toBe('rain on the lens');
  expect(await undo({ act })).toMatchObject({ decision: null, kept: 1 });
  expect((await clips()).map(({ note }) => note)).toEqual(['', 'rain on the lens']);
  for (const wrong of [
    { species: 'duiker' },
    { species: 'leopard', from: 3, to: 1 },
    { species: 'leopard', count: 0 },
  ]) {
    const body = { ...review, observations: [wrong] };
    expect([wrong, (await opened.post(`/api/clips/${first}/review`, body)).status]).toEqual([wrong, 422]);
  }
});
