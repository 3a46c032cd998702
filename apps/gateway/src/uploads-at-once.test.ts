import { mkdir, readdir, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip } from '@primatrix/video';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cardOfClips, open, token, type Opened } from './gateway.fixture.ts';

let clips: TemporaryFolder;
let clip: Buffer;
beforeAll(async () => {
  clips = await cardOfClips();
  clip = await readFile(clips.join('card/site-1/a.mp4'));
});
afterAll(() => clips.remove());

/** Clips that differ from each other. */
async function differing(count: number): Promise<Buffer[]> {
  const made: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const out = clips.join(`differing-${i}.mp4`);
    const frames = Array.from({ length: 4 }, (_, t) => new Uint8Array(32 * 32 * 3).fill(10 * i + 20 * t));
    await encodeClip({ out, width: 32, height: 32, fps: 12, frames });
    made.push(await readFile(out));
  }
  return made;
}

it('lets one of several uploads of one name win, and tells the others', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path, { uploadBytes: 100_000, clips: 100 });
  const bodies = await differing(4);
  for (let round = 0; round < 6; round++) {
    const name = `site/${round}.mp4`;
    const answers = await Promise.all(bodies.map((body) => opened.upload(name, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const winner = bodies[answers.findIndex(({ ok }) => ok)] as Buffer;
    expect(await readFile(folder.join('primatrix-review/uploads', name))).toEqual(winner);
    const told = (await Promise.all(answers.filter(({ ok }) => !ok).map((one) => one.json()))) as { code: string }[];
    expect(told.map(({ code }) => code)).toEqual(Array(3).fill('UPLOAD_NAME_TAKEN'));
  }
  expect((await opened.predicted()).clips).toHaveLength(6);
});

it('adds one of several uploads of the same bytes, and tells the others that it is there', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path);
  const answers = await Promise.all(Array.from({ length: 4 }, () => opened.upload('a.mp4', clip)));
  const added = (await Promise.all(answers.map((one) => one.json()))) as { added: boolean }[];
  expect(added.filter((one) => one.added)).toHaveLength(1);
});

it('adds a folder once, gives two of one name two, and takes no more clips than a project may have', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path, { uploadBytes: 100_000, clips: 5 });
  const add = async (path: string) => (await (await opened.post('/api/folders', { path })).json()) as { added: number };
  const same = await Promise.all([add(clips.join('card')), add(clips.join('card'))]);
  expect(same.map(({ added }) => added).sort()).toEqual([0, 2]);
  await mkdir(folder.join('x/card'), { recursive: true });
  const names = (await opened.predicted()).clips.map(({ filename }) => filename);
  expect(new Set(names).size).toBe(2);
  const answers = await Promise.all((await differing(5)).map((body, i) => opened.upload(`more-${i}.mp4`, body)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 413, 413]);
});

it('tells who uploads below a name that is a clip, or to one that is a folder', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path);
  expect((await opened.upload('a.mp4', clip)).status).toBe(200);
  expect((await opened.upload('site/b.mp4', clip)).status).toBe(200);
  for (const [name, detail] of [
    ['a.mp4/b.mp4', "'a.mp4' is a clip: nothing can lie below it"],
    ['a.mp4/b/c.mp4', "'a.mp4/b' is a clip: nothing can lie below it"],
    ['site', "another clip is called 'site'"],
  ] as const) {
    const answer = await opened.upload(name, clip);
    expect([name, answer.status]).toEqual([name, 409]);
    expect(await answer.json()).toMatchObject({ code: 'UPLOAD_NAME_TAKEN', detail });
  }
});

/** Sends a part of an upload, and tells what comes back, if anything does. */
function sendPart({ gateway }: Opened, path: string, part: Uint8Array, contentType: string) {
  const { port } = new URL(gateway.url);
  const request = httpRequest({
    port,
    path,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-length': '50000', 'content-type': contentType },
  });
  const answer = new Promise<number | string | undefined>((resolve) => {
    request.on('response', ({ statusCode }) => resolve(statusCode));
    request.on('error', ({ message }) => resolve(message));
  });
  request.write(part);
  return { request, answer };
}

it('takes an upload that is broken off for no fault of its own, and leaves nothing of it', async () => {
  await using folder = await temporaryFolder();
  // The fixture fails where an error is logged as one.
  await using opened = await open(folder.path);
  for (const path of ['/api/uploads?name=a.mp4', '/api/folders']) {
    const { request, answer } = sendPart(opened, path, clip.subarray(0, 500), 'application/json');
    await sleep(100);
    request.destroy();
    await answer;
  }
  const upload = sendPart(opened, '/api/uploads?name=a.mp4', clip.subarray(0, 500), 'video/mp4');
  await sleep(100);
  upload.request.destroy();
  await upload.answer;
  await sleep(100);
  expect(await readdir(folder.join('primatrix-review/uploads'))).toEqual([]);
  const metrics = await (await opened.get('/metrics')).text();
  expect(metrics).not.toMatch(/status="5\d\d"/);
});

it('gives up on bodies that do not come on, and not on those that come slowly', async () => {
  await using folder = await temporaryFolder();
  const bodies = { everyMs: 200, leastBytes: 100, wholeMs: 400 };
  await using opened = await open(folder.path, undefined, { bodies });
  const path = '/api/uploads?name=a.mp4';
  expect(await sendPart(opened, path, clip.subarray(0, 500), 'video/mp4').answer).toBe(408);
  expect(await sendPart(opened, '/api/folders', Buffer.from('{"path"'), 'application/json').answer).toBe(408);
  expect(await readdir(folder.join('primatrix-review/uploads'))).toEqual([]);
  const { port } = new URL(opened.gateway.url);
  const slow = httpRequest({ port, path, method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const status = new Promise((resolve) => slow.on('response', (answer) => resolve(answer.statusCode)));
  for (let at = 0; at < clip.length; at += 200) {
    slow.write(clip.subarray(at, at + 200));
    await sleep(50);
  }
  slow.end();
  expect(await status).toBe(200);
});

it('outlives requests that break off before anybody reads their bodies', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path);
  const { hostname, port } = new URL(opened.gateway.url);
  const breakOff = async (path: string, type: string, begun: string): Promise<void> => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: ${type}\r\n${begun}`,
    );
    await sleep(50);
    socket.destroy();
  };
  const stated = 'Content-Length: 5000\r\n\r\nabc';
  await Promise.all([
    // A name, a type and an address that are refused at once; pieces that are none; nothing at all.
    breakOff('/api/uploads?name=../a.mp4', 'video/mp4', stated),
    breakOff('/api/folders', 'text/plain', stated),
    breakOff('/api/nowhere', 'text/plain', stated),
    breakOff('/api/uploads?name=a.mp4', 'video/mp4', 'Transfer-Encoding: chunked\r\n\r\nzz\r\nabc'),
    breakOff('/api/uploads?name=a.mp4', 'video/mp4', 'Content-Length: 5000\r\n\r\n'),
  ]);
  await sleep(100);
  expect((await opened.upload('a.mp4', clip)).status).toBe(200);
  // What had come of the others goes when their end is seen, which takes a moment.
  await expect.poll(() => readdir(folder.join('primatrix-review/uploads')), { timeout: 20_000 }).toEqual(['a.mp4']);
  const form = new FormData();
  form.set('file', new Blob([clip]), 'b.mp4');
  const authorization = { authorization: `Bearer ${token}` };
  const sent = { method: 'POST', headers: authorization, body: form };
  expect((await fetch(`${opened.gateway.url}/api/uploads?name=b.mp4`, sent)).status).toBe(415);
});
