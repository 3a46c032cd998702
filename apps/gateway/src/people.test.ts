import { readFile } from 'node:fs/promises';
import { invitedSchema, meSchema, peopleSchema, reviewSchema, roles, type Role } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { cardOfClips, open, type Opened } from './gateway.fixture.ts';

let card: TemporaryFolder;
let folder: TemporaryFolder;
let opened: Opened;
let ids: string[];
// The address of an invitation leads to the pages.
const site = new Map([['/', { type: 'text/html', content: Buffer.from('') }]]);

beforeAll(async () => void (card = await cardOfClips()));
afterAll(() => card.remove());
beforeEach(async () => {
  folder = await temporaryFolder();
  opened = await open(folder.path, undefined, { site });
  await opened.post('/api/folders', { path: card.join('card') });
  ids = (await opened.predicted()).clips.map(({ id }) => id);
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await folder.remove();
});

/** Somebody who was invited, as their browser: with the cookie that the address of the invitation gives. */
async function invited(name: string, role: Role) {
  const { person, path } = invitedSchema.parse(await (await opened.post('/api/people', { name, role })).json());
  const answer = await signIn(path);
  const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const ask = (url: string, body?: unknown) =>
    fetch(opened.gateway.url + url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie, origin: opened.gateway.url, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { person, path, ask, setCookie: answer.headers.get('set-cookie') };
}

const signIn = (path: string) => fetch(`${opened.gateway.url}${path}`, { redirect: 'manual' });
const people = async () => peopleSchema.parse(await (await opened.get('/api/people')).json());
const clipsOf = async (ask: (url: string) => Promise<Response>, query = '') =>
  ((await (await ask(`/api/clips${query}`)).json()) as { clips: { id: string; review: unknown }[] }).clips;

it('lets each role do what it may, by the document of the API, and nothing else', async () => {
  const document = (await (await opened.get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { description: string }>>;
  };
  const changes = Object.entries(document.paths).flatMap(([path, { post }]) =>
    post === undefined ? [] : [{ path, role: roles.find((role) => post.description === `Needs the role ${role}.`) }],
  );
  const needing = (role: Role) => changes.filter((one) => one.role === role).map(({ path }) => path);
  expect([needing('look'), needing('review')]).toEqual([
    [],
    ['/api/clips/{id}/review', '/api/clips/{id}/setting', '/api/decisions', '/api/decisions/undo'],
  ]);
  expect(needing('manage')).toContain('/api/people');
  for (const own of roles) {
    const { ask } = await invited(`Somebody who may ${own}`, own);
    expect((await ask('/api/clips')).status).toBe(200);
    for (const { path, role } of changes) {
      // Nothing that could be done: the role is looked at before the request is.
      const { status } = await ask(path.replace(/\{\w+\}/, 'none'), null);
      const may = roles.indexOf(own) >= roles.indexOf(role as Role);
      expect([own, path, status === 403]).toEqual([own, path, !may]);
    }
  }
  const { ask } = await invited('Ana', 'look');
  expect(await (await ask(`/api/clips/${ids[0]}/review`, { decision: 'blank', species: [] })).json()).toMatchObject({
    ...{ status: 403, code: 'ROLE', detail: 'Ana may only look here, and this needs the role review' },
  });
});

it('keeps decisions in the name of the account, whatever is said, and no keys; whoever is removed comes in no more', async () => {
  const ana = await invited('Ana', 'review');
  expect(ana.setCookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
  expect(meSchema.parse(await (await ana.ask('/api/me')).json())).toEqual({ name: 'Ana', role: 'review' });
  expect(await (await opened.get('/api/me')).json()).toEqual({ name: null, role: 'manage' });
  const said = { decision: 'corrected', species: ['duiker'], by: 'Ben' };
  const review = reviewSchema.parse(await (await ana.ask(`/api/clips/${ids[0]}/review`, said)).json());
  expect(review.by).toBe('Ana');
  await ana.ask('/api/decisions', { ids: [ids[1]], decision: 'blank', by: 'Ben' });
  expect(await people()).toMatchObject({ people: [{ name: 'Ana', role: 'review', clips: 2 }] });

  const key = ana.path.replace('/?token=', '');
  const programs = await fetch(`${opened.gateway.url}/api/me`, { headers: { authorization: `Bearer ${key}` } });
  expect(await programs.json()).toMatchObject({ name: 'Ana' });
  expect(await readFile(folder.join('primatrix-review/people.jsonl'), 'utf8')).not.toContain(key);
  expect((await opened.post('/api/people', { name: 'ANA', role: 'look' })).status).toBe(409);

  // After another start she is still there.
  await opened[Symbol.asyncDispose]();
  opened = await open(folder.path, undefined, { site });
  expect((await signIn(ana.path)).status).toBe(303);
  expect((await opened.post(`/api/people/${ana.person.id}/remove`, {})).status).toBe(200);
  expect([(await ana.ask('/api/clips')).status, (await signIn(ana.path)).status]).toEqual([401, 401]);
  expect((await opened.post(`/api/people/${ana.person.id}/remove`, {})).status).toBe(404);
  expect((await people()).people).toEqual([]);
  expect((await opened.predicted()).clips.map((clip) => clip.review?.by)).toEqual(['Ana', 'Ana']);
});

it('asks for a second opinion without showing the first, and says how far two agree', async () => {
  const [ana, ben] = [await invited('Ana', 'review'), await invited('Ben', 'review')];
  const say = (who: typeof ana, id: string | undefined, ...species: string[]) =>
    who.ask(`/api/clips/${id}/review`, { decision: species.length === 0 ? 'blank' : 'corrected', species });
  await say(ana, ids[0], 'duiker');
  await say(ana, ids[1], 'leopard');
  expect(await clipsOf(ben.ask, '?second=due')).toEqual([]);
  await opened.post('/api/people/second-opinions', { share: 1 });
  expect((await clipsOf(ben.ask, '?second=due')).map(({ id }) => id)).toEqual(ids);
  expect((await clipsOf(ben.ask)).map(({ review }) => review)).toEqual([null, null]);
  expect(await (await ben.ask(`/api/clips/${ids[0]}`)).json()).toMatchObject({ review: null, note: '' });
  // She has had her say.
  expect(await clipsOf(ana.ask, '?second=due')).toEqual([]);
  expect(await clipsOf(ana.ask)).toMatchObject([{ review: { by: 'Ana' } }, { review: { by: 'Ana' } }]);

  await say(ben, ids[0], 'duiker');
  await say(ben, ids[1]);
  expect(await clipsOf(ben.ask, '?second=due')).toEqual([]);
  expect((await clipsOf(ana.ask, '?second=differ')).map(({ id }) => id)).toEqual([ids[1]]);
  const agreement = [{ people: ['Ana', 'Ben'], clips: 2, same: 1, kappa: 1 / 3 }];
  expect((await people()).agreement).toEqual(agreement.map((one) => ({ ...one, kappa: expect.closeTo(one.kappa) })));
  // What is undone is no opinion.
  await opened.post('/api/decisions/undo', {});
  expect((await people()).agreement).toMatchObject([{ clips: 1, same: 1, kappa: null }]);
});
