import { readdir, readFile, stat } from 'node:fs/promises';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { clipSpectrogramSchema, projectSchema } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cardOfClips, open, openEvents, token, type Opened } from './gateway.fixture.ts';

let clips: TemporaryFolder;
let clip: Buffer;
beforeAll(async () => {
  clips = await cardOfClips();
  clip = await readFile(clips.join('card/site-1/a.mp4'));
});
afterAll(() => clips.remove());

describe('who may come in', () => {
  it('refuses all but the health check without the token, with a wrong one, and from pages of other addresses', async () => {
    await using folder = await temporaryFolder();
    const site = new Map([['/', { type: 'text/html', content: Buffer.from('pages') }]]);
    await using opened = await open(folder.path, undefined, { site });
    const { url } = opened.gateway;
    const port = new URL(url).port;
    const signIn = await fetch(`${url}/?token=${token}`, { redirect: 'manual' });
    expect([signIn.status, signIn.headers.get('location')]).toEqual([303, '/']);
    const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(cookie).toMatch(new RegExp(`^primatrix-${port}=\\S{20,}$`));
    // A cookie is all that is in a browser: whoever reads it has no token.
    const value = cookie.slice(cookie.indexOf('=') + 1);
    expect(value).not.toContain(token);
    expect((await fetch(`${url}/?token=${value}`, { redirect: 'manual' })).status).toBe(401);
    const asBearer = await fetch(`${url}/api/project`, { headers: { authorization: `Bearer ${value}` } });
    expect(asBearer.status).toBe(401);
    const asCookie = await fetch(`${url}/api/project`, { headers: { cookie: `primatrix-${port}=${token}` } });
    expect(asCookie.status).toBe(401);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    for (const path of [
      '/metrics',
      '/api/project',
      '/api/clips',
      '/api/events',
      '/openapi.json',
      '/api/export/review.csv',
    ]) {
      const refused = await fetch(url + path);
      expect([path, refused.status, refused.headers.get('content-type')]).toEqual([
        path,
        401,
        'application/problem+json',
      ]);
      expect((await fetch(url + path, { headers: { authorization: 'Bearer secret-tokem' } })).status).toBe(401);
      expect((await fetch(url + path, { headers: { cookie: `primatrix-${port}=x` } })).status).toBe(401);
    }
    expect((await fetch(`${url}/api/project`, { headers: { cookie } })).status).toBe(200);
    const foreign = await fetch(`${url}/api/folders`, {
      method: 'POST',
      headers: { cookie, origin: 'http://127.0.0.1:3000', 'content-type': 'application/json' },
      body: '{"path":"/"}',
    });
    expect(foreign.status).toBe(403);
  });
});

describe('being watched', () => {
  it('counts requests by route and clips by state, and names nothing that is in the project', async () => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    await opened.post('/api/folders', { path: clips.join('card') });
    await opened.upload('secret-site/leopard.mp4', new TextEncoder().encode('no clip'));
    const { clips: found } = await opened.predicted();
    for (const { id } of found) await opened.get(`/api/clips/${id}`);
    await opened.get('/api/clips/none');
    await opened.get('/a-secret-address');
    const response = await opened.get('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const value = (series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length),
      );
    expect(value('primatrix_http_requests_total{method="GET",route="/api/clips/:id",status="200"}')).toBe(found.length);
    expect(value('primatrix_http_requests_total{method="GET",route="/api/clips/:id",status="404"}')).toBe(1);
    expect(value('primatrix_http_requests_total{method="POST",route="/api/folders",status="200"}')).toBe(1);
    expect(value('primatrix_http_requests_total{method="GET",route="none",status="404"}')).toBe(1);
    expect(value('primatrix_http_request_seconds_count{method="GET",route="/api/clips/:id"}')).toBe(found.length + 1);
    expect([
      value('primatrix_clips{state="all"}'),
      value('primatrix_clips{state="waiting"}'),
      value('primatrix_clips{state="failed"}'),
    ]).toEqual([2, 0, 0]);
    for (const secret of [token, 'secret', 'leopard', 'card', 'a.mp4', folder.path, ...found.map(({ id }) => id)]) {
      expect(text).not.toContain(secret);
    }
  });

  it('is not ready once prediction has stopped, and does not tell everybody why', async () => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    opened.predictor.firstLevel = () => Promise.reject(new Error('/secret/weights are gone'));
    await opened.post('/api/folders', { path: clips.join('card') });
    await vi.waitUntil(async () => (await opened.get('/readyz')).status === 503, { timeout: 20_000, interval: 20 });
    expect(await (await fetch(`${opened.gateway.url}/readyz`)).json()).toEqual({
      ready: false,
      missing: [{ what: 'prediction', why: 'it has stopped; the pages say why' }],
    });
    expect(projectSchema.parse(await (await opened.get('/api/project')).json()).progress.trouble).toContain(
      '/secret/weights',
    );
  });

  it('goes on with the trace of the caller, and begins one for who has none', async () => {
    const exporter = new InMemorySpanExporter();
    const processor = new SimpleSpanProcessor({ exporter });
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
    try {
      await using folder = await temporaryFolder();
      await using opened = await open(folder.path);
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      await opened.get('/api/clips/none', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
      await opened.get('/healthz');
      await processor.forceFlush();
      const [continued, begun] = exporter.getFinishedSpans();
      expect([continued?.name, continued?.spanContext().traceId, continued?.parentSpanContext?.spanId]).toEqual([
        'GET /api/clips/:id',
        traceId,
        '00f067aa0ba902b7',
      ]);
      expect(continued?.attributes).toEqual({
        'http.request.method': 'GET',
        'http.route': '/api/clips/:id',
        'http.response.status_code': 404,
      });
      expect([begun?.name, begun?.parentSpanContext, begun?.spanContext().traceId === traceId]).toEqual([
        'GET /healthz',
        undefined,
        false,
      ]);
    } finally {
      trace.disable();
    }
  });
});

describe('clips', () => {
  let folder: TemporaryFolder;
  let opened: Opened;
  const idOf = async (filename: string) =>
    (await opened.predicted()).clips.find((one) => one.filename === filename)?.id ?? '';
  beforeAll(async () => {
    folder = await temporaryFolder();
    opened = await open(folder.path);
    await opened.post('/api/folders', { path: clips.join('card') });
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await folder.remove();
  });

  it('sends ranges', async () => {
    const path = `/api/clips/${await idOf('card/site-1/a.mp4')}/media`;
    const whole = await opened.get(path);
    expect([
      whole.status,
      whole.headers.get('content-type'),
      Buffer.from(await whole.arrayBuffer()).equals(clip),
    ]).toEqual([200, 'video/mp4', true]);
    const size = clip.length;
    for (const [range, start, end] of [
      ['bytes=0-9', 0, 9],
      ['bytes=5-', 5, size - 1],
      ['bytes=-7', size - 7, size - 1],
      [`bytes=10-${size + 5}`, 10, size - 1],
    ] as const) {
      const part = await opened.get(path, { range });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${size}`]);
      expect(Buffer.from(await part.arrayBuffer()).equals(clip.subarray(start, end + 1))).toBe(true);
    }
    expect((await opened.get(path, { range: `bytes=${size}-` })).status).toBe(416);
    expect((await opened.get(path, { 'if-none-match': whole.headers.get('etag') ?? '' })).status).toBe(304);
  });

  it('sends what browsers cannot play as MP4, a thumbnail, and how the clip moves; each is made once', async () => {
    const id = await idOf('card/b.avi');
    const media = await opened.get(`/api/clips/${id}/media`);
    expect(media.headers.get('content-type')).toBe('video/mp4');
    expect(
      Buffer.from(await media.arrayBuffer())
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp');
    const thumbnail = await opened.get(`/api/clips/${id}/thumbnail`);
    expect(
      Buffer.from(await thumbnail.arrayBuffer())
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
    const signals = (await (await opened.get(`/api/clips/${id}/signals`)).json()) as {
      motion: number[];
      sound: number[];
    };
    expect([signals.motion.length, signals.sound]).toEqual([11, []]);
    const cache = folder.join('primatrix-review/cache');
    const made = await Promise.all(
      (await readdir(cache)).map(async (name) => [name, (await stat(`${cache}/${name}`)).mtimeMs]),
    );
    for (const part of ['media', 'thumbnail', 'signals']) {
      await (await opened.get(`/api/clips/${id}/${part}`)).arrayBuffer();
    }
    expect(
      await Promise.all((await readdir(cache)).map(async (name) => [name, (await stat(`${cache}/${name}`)).mtimeMs])),
    ).toEqual(made);
  });

  it('answers what it does not understand with a problem, and goes on', async () => {
    const id = await idOf('card/b.avi');
    for (const [path, status] of [
      ['/api/clips/nobody', 404],
      ['/api/clips/..%2f..%2fetc%2fpasswd/media', 404],
      ['/api/clips?limit=-1', 422],
      ['/api/clips?nonsense=1', 422],
      ['/api/clips?from=yesterday', 422],
      ['/%00', 404],
      ['/../../etc/passwd', 404],
      ['/api/export/nothing.csv', 404],
    ] as const) {
      const answer = await opened.get(path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        status,
        'application/problem+json',
      ]);
    }
    const reviews: [unknown, number][] = [
      [{ decision: 'accepted', species: [] }, 422],
      [{ decision: 'maybe', species: ['x'] }, 422],
      [{ decision: 'corrected', species: ['filename'] }, 422],
      [{ decision: 'corrected', species: ['blank', 'leopard'] }, 422],
      [{ decision: 'corrected', species: ['a\u0007'] }, 422],
      [[], 422],
      ['text', 422],
    ];
    for (const [body, status] of reviews) {
      expect([body, (await opened.post(`/api/clips/${id}/review`, body)).status]).toEqual([body, status]);
    }
    const malformed = await fetch(`${opened.gateway.url}/api/clips/${id}/review`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect(malformed.status).toBe(400);
    const wrongType = await fetch(`${opened.gateway.url}/api/clips/${id}/review`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/html' },
      body: '<b>',
    });
    expect(wrongType.status).toBe(415);
    expect((await opened.get('/api/project')).status).toBe(200);
  });

  it('describes itself as OpenAPI, every route with its parameters', async () => {
    const document = (await (await opened.get('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { parameters: { name: string }[]; responses: object }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/project',
        '/api/folders',
        '/api/uploads',
        '/api/clips',
        '/api/clips/{id}',
        '/api/clips/{id}/media',
        '/api/clips/{id}/review',
        '/api/events',
        '/api/export/train_labels.csv',
      ]),
    );
    expect(document.paths['/api/clips']?.['get']?.parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['species', 'site', 'minDisagreement', 'offset', 'limit']),
    );
    expect(Object.keys(document.paths['/api/uploads']?.['post']?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '408',
      '409',
      '413',
      '415',
      '422',
      '507',
    ]);
  });

  it('finds, removes, restores and looks again by id, and refuses what is no id', async () => {
    const id = await idOf('card/b.avi');
    expect(await (await opened.get('/api/clips/ids?search=b.avi')).json()).toMatchObject({
      ids: [id],
      uploaded: [],
      troubled: [],
    });
    for (const path of ['remove', 'restore', 'again']) {
      for (const body of [{ ids: [] }, { ids: ['../../etc'] }, { ids: [id], all: true }, {}]) {
        expect([path, (await opened.post(`/api/clips/${path}`, body)).status]).toEqual([path, 422]);
      }
    }
    for (const [path, changed] of [
      ['remove', 1],
      ['remove', 0],
      ['again', 0],
      ['restore', 1],
      ['restore', 0],
      ['again', 1],
    ] as const) {
      expect([path, await (await opened.post(`/api/clips/${path}`, { ids: [id] })).json()]).toEqual([
        path,
        { changed },
      ]);
      if (path === 'remove') expect((await opened.get(`/api/clips/${id}`)).status).toBe(404);
    }
    await opened.predicted();
    expect(opened.predictor.looked.filter((name) => name === 'card/b.avi')).toHaveLength(2);
  });

  it('has the spectrogram of a clip, of no columns where there is no sound', async () => {
    const answer = await opened.get(`/api/clips/${await idOf('card/b.avi')}/spectrogram`);
    expect(clipSpectrogramSchema.parse(await answer.json())).toMatchObject({ columns: 0, seconds: 0, levels: '' });
  });

  it('forgets no review, however often progress was told since', async () => {
    const events = await openEvents(opened, undefined);
    await opened.post(`/api/clips/${await idOf('card/b.avi')}/review`, { decision: 'unsure', species: [] });
    const [first] = await events.until(1, 'review');
    await events.close();
    await opened.post(`/api/clips/${await idOf('card/b.avi')}/review`, { decision: 'open', species: [] });
    for (let i = 0; i < 2000; i++) opened.project.events.publish('progress', { i }, { latestOnly: true });
    const later = await openEvents(opened, first?.id);
    expect(await later.until(1, 'review')).toHaveLength(1);
    expect((await later.until(1, 'progress')).map(({ data }) => data)).toEqual(['{"i":1999}']);
    await later.close();
  });

  it('tells of reviews as they happen, and of missed ones after Last-Event-ID', async () => {
    const id = await idOf('card/b.avi');
    const review = (decision: string) => opened.post(`/api/clips/${id}/review`, { decision, species: [] });
    const first = await openEvents(opened, undefined);
    await review('unsure');
    const [one] = await first.until(1, 'review');
    await first.close();
    await review('blank');
    await review('open');
    const second = await openEvents(opened, one?.id);
    expect(
      (await second.until(2, 'review')).map(({ data }) => (JSON.parse(data) as { decision: string }).decision),
    ).toEqual(['blank', 'open']);
    await second.close();
    const stale = await openEvents(opened, 'another-start-7');
    expect(await stale.until(1, 'reset')).toHaveLength(1);
    await stale.close();
  });
});
