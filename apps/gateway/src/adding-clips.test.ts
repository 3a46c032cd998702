import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { readLabels } from '@primatrix/dataset';
import { clipDetailSchema, projectSchema } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardOfClips, open, token } from './gateway.fixture.ts';

let clips: TemporaryFolder;
let clip: Buffer;
beforeAll(async () => {
  clips = await cardOfClips();
  clip = await readFile(clips.join('card/site-1/a.mp4'));
});
afterAll(() => clips.remove());

it('says what is to be said of the machine where results are shown, and not in what leaves it', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path, undefined, { notices: ['clips are decoded by an old ffmpeg'] });
  expect(projectSchema.parse(await (await opened.get('/api/project')).json()).warnings).toEqual([
    'clips are decoded by an old ffmpeg',
  ]);
  expect(await (await opened.get('/api/export/megadetector.json')).text()).not.toContain('old ffmpeg');
});

describe('adding clips', () => {
  it('adds a folder, predicts each clip once, also over a restart, and keeps reviews', async () => {
    await using folder = await temporaryFolder();
    let id = '';
    {
      await using opened = await open(folder.path);
      expect(await (await opened.post('/api/folders', { path: clips.join('card') })).json()).toEqual({
        added: 2,
        known: 0,
        skipped: 1,
        unreadable: [],
      });
      const { clips: found } = await opened.predicted();
      expect(
        found.map(({ filename, site, top, disagreement }) => [filename, site, top[0]?.species, disagreement]),
      ).toEqual([
        ['card/b.avi', 'card', 'leopard', 0.4],
        ['card/site-1/a.mp4', 'card/site-1', 'leopard', 0.4],
      ]);
      id = found[1]?.id ?? '';
      expect(
        (await opened.post(`/api/clips/${id}/review`, { decision: 'corrected', species: ['Duiker', 'okapi'] })).status,
      ).toBe(200);
      expect(await (await opened.post('/api/folders', { path: clips.join('card') })).json()).toEqual({
        added: 0,
        known: 2,
        skipped: 1,
        unreadable: [],
      });
      expect(opened.predictor.looked).toEqual(['card/b.avi', 'card/site-1/a.mp4']);
    }
    await using opened = await open(folder.path);
    expect(clipDetailSchema.parse(await (await opened.get(`/api/clips/${id}`)).json())).toMatchObject({
      review: { decision: 'corrected', species: ['duiker', 'okapi'] },
      probabilities: [0.05, 0.85, 0.1],
      members: { 'net-a': [0.1, 0.7, 0.1] },
    });
    expect(projectSchema.parse(await (await opened.get('/api/project')).json())).toMatchObject({
      newSpecies: ['okapi'],
      reviewed: { corrected: 1, open: 1 },
      progress: { stage: 'idle', total: 2, done: 2 },
    });
    expect(await (await opened.get('/api/export/train_labels.csv')).text()).toBe(
      'filename,blank,leopard,duiker,okapi\ncard/site-1/a.mp4,0,0,1,1\n',
    );
    await writeFile(folder.join('train_labels.csv'), await (await opened.get('/api/export/train_labels.csv')).text());
    expect(await readLabels(folder.join('train_labels.csv'))).toMatchObject({
      classes: ['blank', 'leopard', 'duiker', 'okapi'],
      filenames: ['card/site-1/a.mp4'],
    });
    expect(
      ((await (await opened.get('/api/export/megadetector.json')).json()) as { images: { file: string }[] }).images.map(
        ({ file }) => file,
      ),
    ).toEqual(['card/b.avi', 'card/site-1/a.mp4']);
    const set = (await (await opened.get('/api/export/predictions.json?search=b.avi')).json()) as {
      classes: string[];
      rows: Record<string, unknown>[];
    };
    expect(set.classes).toEqual(['blank', 'leopard', 'duiker']);
    expect(set.rows).toEqual([
      {
        ...{ filename: 'card/b.avi', sha256: expect.toSatisfy((digest) => digest === null || digest.length === 64) },
        ...{ status: 'ok', fault: null, reason: '', framesDecoded: 12, framesExpected: 12 },
        ...{ probabilities: { blank: 0.05, leopard: 0.85, duiker: 0.1 }, members: {}, padded: {} },
      },
    ]);
    expect(
      (
        (await (await opened.get('/api/export/coco-camera-traps.json?search=site-1')).json()) as {
          images: unknown[];
          annotations: unknown[];
        }
      ).images,
    ).toHaveLength(1);
    expect((await (await opened.get('/api/export/predictions.csv?search=b.avi')).text()).split('\n')[1]).toBe(
      'card/b.avi,ok,,,12,12,0.05,0.85,0.1',
    );
    expect(opened.predictor.looked).toEqual([]);
    // One more of the same site: the clips of before stand beside it, those of other sites need no second look.
    await copyFile(clips.join('card/b.avi'), clips.join('card/site-1/c.avi'));
    await opened.post('/api/folders', { path: clips.join('card') });
    await opened.predicted();
    await rm(clips.join('card/site-1/c.avi'));
    expect([opened.predictor.looked, opened.predictor.weighed]).toEqual([
      ['card/site-1/c.avi'],
      [['card/site-1/a.mp4', 'card/site-1/c.avi']],
    ]);
  });

  it.each(['relative', '/nowhere/at/all', '/etc/hostname', '/tmp/\0', ''])('refuses the folder %j', async (path) => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    expect((await opened.post('/api/folders', { path })).status).toBe(422);
  });

  it('takes uploads, once, by their content', async () => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    expect(await (await opened.upload('site-3/ü.mp4', clip)).json()).toEqual({ filename: 'site-3/ü.mp4', added: true });
    expect(await (await opened.upload('site-3/ü.mp4', clip)).json()).toEqual({
      filename: 'site-3/ü.mp4',
      added: false,
    });
    expect((await opened.upload('site-3/ü.mp4', clip.subarray(0, clip.length - 9))).status).toBe(409);
    expect((await opened.upload('x.mp4', Buffer.from('no clip at all, but called one'))).status).toBe(415);
    expect((await opened.upload('x.mp4', new Uint8Array())).status).toBe(422);
    expect((await opened.predicted()).clips.map(({ filename, site }) => [filename, site])).toEqual([
      ['site-3/ü.mp4', 'site-3'],
    ]);
    expect(await readdir(folder.join('primatrix-review/uploads'))).toEqual(['site-3']);
  });

  it('takes a slash that says nothing for none', async () => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    expect((await opened.upload('a//x.mp4', clip)).status).toBe(200);
    expect(await readdir(folder.join('primatrix-review/uploads/a'))).toEqual(['x.mp4']);
  });

  it.each([
    '../x.mp4',
    '/x.mp4',
    'a/../../x.mp4',
    'x\0.mp4',
    '..\\x.mp4',
    '%2e%2e/x.mp4',
    '.x.mp4',
    'c:x.mp4',
    'x\n.mp4',
    'x'.repeat(300),
  ])('refuses the name %j', async (name) => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    expect((await opened.upload(name, clip)).status).toBe(422);
    expect(await readdir(folder.path)).toEqual(['primatrix-review']);
  });

  it('refuses uploads that are too large, said or not, and too many clips', async () => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path, { uploadBytes: 50_000, clips: 1 });
    const { port } = new URL(opened.gateway.url);
    const send = (headers: Record<string, string>, pieces: number) =>
      new Promise<number | undefined>((resolve) => {
        const request = httpRequest(
          {
            port,
            path: '/api/uploads?name=big.mp4',
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, ...headers },
          },
          ({ statusCode }) => resolve(statusCode),
        );
        // The gateway hangs up on what it does not want to read.
        request.on('error', () => undefined);
        for (let piece = 0; piece < pieces; piece++) request.write(Buffer.alloc(10_000));
        request.end();
      });
    expect(await send({ 'content-length': '60000' }, 6)).toBe(413);
    expect(await send({ 'transfer-encoding': 'chunked' }, 6)).toBe(413);
    expect((await opened.upload('a.mp4', clip)).status).toBe(200);
    expect((await opened.upload('b.mp4', clip)).status).toBe(413);
    expect(await readdir(folder.join('primatrix-review/uploads'))).toEqual(['a.mp4']);
  });
});
