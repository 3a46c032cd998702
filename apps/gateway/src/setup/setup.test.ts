import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { UsageError } from '@primatrix/contracts';
import type { Begin } from '@primatrix/review-api';
import { estimateSchema, placesSchema, setupSchema } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WorkerHandle } from '../prediction/prediction-run.ts';
import type { FromWorker, ToWorker } from '../prediction/worker-messages.ts';
import { probe } from './probe.ts';
import { rememberedSource, rememberSource } from './remembered-source.ts';
import { startSetup, type SetupServer } from './start-setup.ts';

let folder: TemporaryFolder;
let setup: SetupServer;
let begins: Begin[];

beforeEach(async () => {
  folder = await temporaryFolder();
  begins = [];
  setup = await startSetup({
    place: folder.path,
    clips: 0,
    bundles: [folder.join('no-bundle')],
    models: folder.join('models'),
    folders: true,
    token: 'secret',
    host: '127.0.0.1',
    port: 0,
    onError: (error) => expect(error).toBeUndefined(),
    startWorker: () => {
      throw new Error('nothing can be opened');
    },
    begin: async (begin) => {
      begins.push(begin);
      if ('models' in begin.source) throw new UsageError('MODEL_RUN', 'the model does not load');
    },
  });
});
afterEach(async () => {
  await setup.close();
  await folder.remove();
});

const headers = { authorization: 'Bearer secret' };
const get = (path: string) => fetch(setup.url + path, { headers });
const post = (path: string, body: object) =>
  fetch(setup.url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it('offers what can be read, and opens with a second choice where the first one fails', async () => {
  expect((await fetch(`${setup.url}/api/project`)).status).toBe(401);
  expect(setupSchema.parse(await (await get('/api/project')).json()).setup).toMatchObject({
    keptIn: folder.join('primatrix-review'),
    models: [],
    bundles: [],
    foldersAllowed: true,
  });
  expect((await get('/readyz')).status).toBe(503);
  const refused = await post('/api/setup/begin', { source: { models: ['yolo'] } });
  expect([refused.status, await refused.json()]).toMatchObject([422, { detail: 'the model does not load' }]);
  expect((await post('/api/setup/begin', { source: { bundle: 'b' }, folder: folder.path })).status).toBe(200);
  await setup.begun;
  expect(begins).toEqual([{ source: { models: ['yolo'] } }, { source: { bundle: 'b' }, folder: folder.path }]);
  const unknown = await post('/api/setup/estimate', { source: { models: ['yolo'] }, folder: folder.path });
  expect(await unknown.json()).toMatchObject({ status: 422, code: 'MODEL_UNKNOWN' });
});

it('offers models to download to who sits here alone', async () => {
  const offered = async (more: object) => {
    const answer = await fetch(`${setup.url}/api/project`, { headers: { ...headers, ...more } });
    return setupSchema.parse(await answer.json()).setup.offers.map(({ name }) => name);
  };
  expect(await offered({})).toContain('yolox-nano');
  const afar = { ...headers, 'x-forwarded-for': '198.51.100.7', 'content-type': 'application/json' };
  expect(await offered(afar)).toEqual([]);
  const pull = { method: 'POST', headers: afar, body: '{}' };
  expect((await fetch(`${setup.url}/api/setup/models/yolox-nano/pull`, pull)).status).toBe(403);
  const unknown = await post('/api/setup/models/yolo/pull', {});
  expect(await unknown.json()).toMatchObject({ status: 422, code: 'MODEL_CATALOGUE_NAME' });
});

it('opens from afar only what is offered', async () => {
  const afar = { ...headers, 'x-forwarded-for': '198.51.100.7', 'content-type': 'application/json' };
  const begin = async (source: object) => {
    const body = JSON.stringify({ source });
    return (await fetch(`${setup.url}/api/setup/begin`, { method: 'POST', headers: afar, body })).status;
  };
  expect(await begin({ bundle: '/etc' })).toBe(403);
  expect(await begin({ models: ['../../secret'] })).toBe(403);
  expect(begins).toEqual([]);
  expect(await begin({ models: ['yolo'] })).toBe(422);
  expect(await begin({ bundle: folder.join('no-bundle') })).toBe(200);
});

it('lists folders without litter and counts the clips in them', async () => {
  await mkdir(folder.join('card 10/DCIM'), { recursive: true });
  await mkdir(folder.join('card 9'));
  await mkdir(folder.join('primatrix-review'));
  await writeFile(folder.join('card 10/a.MP4'), '');
  await writeFile(folder.join('card 10/notes.txt'), '');
  const places = async (path: string) =>
    placesSchema.parse(await (await get(`/api/places?path=${encodeURIComponent(path)}`)).json());
  const top = await places(`'${folder.path}'`);
  expect([top.path, top.clips, top.folders.map(({ name }) => name)]).toEqual([folder.path, 0, ['card 9', 'card 10']]);
  const card = await places(folder.join('card 10'));
  expect([card.parent, card.clips, card.folders]).toEqual([
    folder.path,
    1,
    [{ name: 'DCIM', path: folder.join('card 10/DCIM') }],
  ]);
  expect((await places('')).roots[0]?.name).toBe('Home');
  expect(await (await get('/api/places?path=/no/such/place')).json()).toMatchObject({ code: 'FOLDER_PATH' });
});

/** A worker that takes a second a clip, and says so at once. */
function worker(answer: (id: string) => FromWorker[]): WorkerHandle & { readonly asked: string[]; stopped: boolean } {
  let listen: (message: FromWorker) => void = () => undefined;
  const handle = {
    asked: [] as string[],
    stopped: false,
    send(message: ToWorker) {
      if (message.type !== 'predict') return;
      handle.asked.push(...message.clips.map(({ id }) => id));
      for (const { id } of message.clips) answer(id).forEach((said) => listen(said));
    },
    onMessage: (to: typeof listen) => void (listen = to),
    onExit: () => undefined,
    stop: async () => void (handle.stopped = true),
  };
  return handle;
}
const nothing = { probed: 0, seconds: null, bytes: null, showing: null };
const of = (classes: readonly string[] = []) => ({ records: folder.join('records.jsonl'), classes });
const done = (
  id: string,
  seconds: number | null,
  nets: Readonly<Record<string, readonly number[]>> = {},
): FromWorker[] => [
  { type: 'starts', id },
  {
    ...{ type: 'provisional', id, seconds, metadata: null, capturedAt: null, nets },
    outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 },
  } as FromWorker,
];
const files = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ filename: `${i}.mp4`, path: `/card/${i}.mp4` }));

it('estimates by up to 20 clips spread over all, without those that were known', async () => {
  const signal = new AbortController().signal;
  const one = worker((id) => done(id, id.endsWith('5.mp4') ? null : 2));
  const estimate = estimateSchema.parse(await probe(files(1000), one, signal, of()));
  expect([one.asked.length, one.asked[0], one.asked.at(-1), one.stopped]).toEqual([
    20,
    '/card/25.mp4',
    '/card/975.mp4',
    true,
  ]);
  expect(estimate).toEqual({ ...nothing, clips: 1000 });
  const none = worker(() => []);
  expect(await probe([], none, signal, of())).toEqual({ ...nothing, clips: 0 });
  const broken = worker(() => [{ type: 'failed', message: 'no such weights' }]);
  await expect(probe(files(1), broken, signal, of())).rejects.toThrow('no such weights');
});

it('says time, disk, and how many of the clips tried show something', async () => {
  const records = folder.join('records.jsonl');
  await writeFile(records, 'before');
  const signal = new AbortController().signal;
  // Each clip adds a record of 100 bytes.
  const detector = worker((id) => {
    appendFileSync(records, 'x'.repeat(100));
    return done(id, 2, { models: id.endsWith('0.mp4') ? [0.2, 0.8, 0] : [0.9, 0.1, 0] });
  });
  expect(await probe(files(3), detector, signal, of(['blank', 'animal', 'person']))).toEqual({
    ...{ clips: 3, probed: 3, seconds: 6, bytes: 300, showing: 1 },
  });
  // Several nets, or no class of blank clips: what a clip shows is not known yet.
  const nets = worker((id) => done(id, 2, { a: [1, 0], b: [0, 1] }));
  expect((await probe(files(3), nets, signal, of(['blank', 'animal']))).showing).toBeNull();
  const namer = worker((id) => done(id, 2, { models: [1, 0] }));
  expect((await probe(files(3), namer, signal, of(['lion', 'zebra']))).showing).toBeNull();
});

it('takes and remembers how many frames are looked at, from 1 to 60', async () => {
  const refusal = async (looks: unknown) => {
    const answer = await post('/api/setup/estimate', { source: { models: ['yolo'], looks }, folder: folder.path });
    return ((await answer.json()) as { code: string }).code;
  };
  for (const looks of [0, 61, 1.5, '8']) expect(await refusal(looks)).toBe('REQUEST');
  expect(await refusal(8)).toBe('MODEL_UNKNOWN');
  await rememberSource(folder.path, { models: ['yolo'], looks: 8 });
  expect(await rememberedSource(folder.path)).toEqual({ models: ['yolo'], looks: 8 });
});

it('remembers what predicted, and asks again where the file is damaged', async () => {
  expect(await rememberedSource(folder.path)).toBeUndefined();
  await rememberSource(folder.path, { models: ['yolo', 'namer'] });
  expect(await rememberedSource(folder.path)).toEqual({ models: ['yolo', 'namer'] });
  await rememberSource(folder.path, { bundle: '/b' });
  expect(await rememberedSource(folder.path)).toEqual({ bundle: '/b' });
  await writeFile(folder.join('primatrix-review/source.json'), '{"bundle":');
  expect(await rememberedSource(folder.path)).toBeUndefined();
});
