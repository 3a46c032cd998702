import type { Message } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import { JetStreamBus } from '@primatrix/messaging';
import type { BundleManifest } from '@primatrix/prediction';
import { FileTensorStore } from '@primatrix/tensor-store';
import {
  natsServerAvailable,
  smallBundle,
  smallBundleDigest,
  smallClip,
  startNatsServer,
  temporaryFolder,
  type NatsServer,
  type TemporaryFolder,
} from '@primatrix/testkit';
import { jsonLog, newTrace, readTrace, traceIdOf, type TraceContext } from '@primatrix/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clipQuestion } from '../remote/clip-question.ts';
import { Requester } from '../remote/requester.ts';
import { bundleParts, joinerFamily, producerOf } from '../parts/bundle-parts.ts';
import { ServiceWatch } from './service-watch.ts';
import { joinerReleaseOf, openAnswers, startJoiner } from '../joiner/start-joiner.ts';
import { startService, type ServedPart } from '../parts/start-service.ts';
import { startWatchServer, type WatchServer } from './watch-server.ts';

const digest = smallBundleDigest;
const manifest: BundleManifest = smallBundle({ nets: [{ name: 'net-one', version: '2.1.0' }] });
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;
const metadata = smallClip(digest);
const parts = bundleParts(manifest).filter(({ stage }) => stage !== 'ensemble');

/** Values of a page of metrics, by name and labels as they are written there. */
function samples(page: string): Map<string, number> {
  return new Map(
    page
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe.skipIf(!natsServerAvailable())('services that are watched', () => {
  let server: NatsServer;
  let folder: TemporaryFolder;
  let bus: JetStreamBus;
  let watch: ServiceWatch;
  let page: WatchServer;
  let lines: Record<string, unknown>[];
  beforeEach(async () => {
    server = await startNatsServer();
    folder = await temporaryFolder();
    bus = await JetStreamBus.connect(server.url);
    lines = [];
    watch = new ServiceWatch(
      jsonLog(
        (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
        () => new Date(0),
      ),
    );
    watch.follow(bus);
    page = await startWatchServer(watch, { host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    await page[Symbol.asyncDispose]();
    await bus.close();
    await server.stop();
    await folder.remove();
  });

  /** Serves a bundle of three parts: one clip is no clip, at another the net stumbles once, and at a third always. */
  async function serve(): Promise<void> {
    const store = new FileTensorStore(folder.path);
    let stumbled = false;
    const work: Record<string, ServedPart['work']> = {
      'video-ingest': async ({ clipId }) =>
        clipId === sha256Bytes('broken')
          ? {
              facts: {
                metadata: null,
                outcome: { ...outcome, status: 'failed', fault: 'not-media', reason: 'no clip' },
              },
              failure: { code: 'not-media', message: 'no clip' },
            }
          : { facts: { metadata, outcome: null } },
      dots: async () => ({
        tensors: { features: await store.put({ dtype: 'float32', shape: [1], data: Float32Array.of(0.5) }) },
        facts: { outcome, looked: true, listened: false, row: {} },
      }),
      'net-one': async ({ clipId }) => {
        if (clipId === sha256Bytes('poison') || (clipId === sha256Bytes('stumble') && !stumbled)) {
          stumbled ||= clipId === sha256Bytes('stumble');
          throw new Error(`cannot reach s3+http://key:hunter2@objects/${clipId}`);
        }
        return {
          tensors: { probabilities: await store.put({ dtype: 'float64', shape: [2], data: Float64Array.of(0.5, 1) }) },
          facts: { padding: null },
        };
      },
    };
    for (const part of parts) {
      await startService(
        { part, producer: producerOf(part), work: work[part.name] as ServedPart['work'], dispose: async () => {} },
        { bus, watch, backoffMs: [0], maxDeliver: 2 },
      );
    }
    await startJoiner({ bus, store, manifest, digest, now: () => 1_000_000, watch });
  }

  const ask = async (of: Requester, name: string, trace?: TraceContext) => {
    const clipId = sha256Bytes(name);
    const ref = { uri: `file:///${name}`, sha256: clipId, bytes: 1 };
    return of.ask({ ...clipQuestion(digest, { ref, filename: name }, clipId), trace });
  };
  const openRequester = async () =>
    new Requester(bus, await openAnswers(bus), 'run', {
      bundle: digest,
      datasetId: 'test',
      producer: { name: 'test', version: '1.0.0', modelDigest: null },
    });
  const get = async (path: string) => {
    const response = await fetch(page.url + path);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it('count their work, as Prometheus reads it, and write one line about each piece', async () => {
    await serve();
    await using requester = await openRequester();
    const names = ['a', 'b', 'stumble', 'poison', 'broken'];
    const answers = await Promise.all(names.map((name) => ask(requester, name)));
    expect(answers.map(({ event }) => event)).toEqual(['ready', 'ready', 'ready', 'failed', 'failed']);
    // Acknowledgements and what is counted of them come after the answers.
    const settled = () =>
      vi.waitUntil(
        async () =>
          [...samples((await get('/metrics')).text)].every(
            ([name, value]) => !name.startsWith('primatrix_consumer_lag{') || value === 0,
          ),
        { timeout: 20_000, interval: 200 },
      );
    await settled();

    const { status, type, text } = await get('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const values = samples(text);
    const labelsOf = (name: string) => {
      const { stage, family, version, release } = parts.find((part) => part.name === name) ?? {
        stage: 'clips',
        family: joinerFamily,
        version: /version="([^"]+)"/.exec(text.slice(text.indexOf('part="joiner"')))?.[1],
        release: joinerReleaseOf(digest),
      };
      return `stage="${stage}",family="${family}",part="${name}",version="${version}",release="${release}"`;
    };
    const value = (metric: string, part: string, more = '') => values.get(`${metric}{${labelsOf(part)}${more}}`);
    const of = (metric: string) =>
      Object.fromEntries([...parts.map(({ name }) => name), joinerFamily].map((name) => [name, value(metric, name)]));
    expect(of('primatrix_messages_total')).toEqual({ 'video-ingest': 5, dots: 4, 'net-one': 4, joiner: 5 });
    expect(of('primatrix_retries_total')).toEqual({ 'video-ingest': 0, dots: 0, 'net-one': 2, joiner: 0 });
    expect(of('primatrix_stage_seconds_count')).toEqual({ 'video-ingest': 5, dots: 4, 'net-one': 6, joiner: 5 });
    expect(of('primatrix_consumer_lag')).toEqual({ 'video-ingest': 0, dots: 0, 'net-one': 0, joiner: 0 });
    expect(value('primatrix_failures_total', 'video-ingest', ',code="not-media"')).toBe(1);
    expect(value('primatrix_failures_total', 'net-one', ',code="failed"')).toBe(1);
    expect(value('primatrix_failures_total', 'net-one', ',code="unanswered"')).toBe(0);
    expect(value('primatrix_failures_total', 'joiner', ',code="incomplete"')).toBe(1);
    expect(values.get('primatrix_broker_up')).toBe(1);
    // Nothing that grows with clips, and nothing of what they are.
    for (const name of names) expect(text).not.toContain(sha256Bytes(name));

    const about = (name: string, part: string) =>
      lines.filter(({ clipId, part: of }) => clipId === sha256Bytes(name) && of === part);
    const [again, ready] = about('stumble', 'net-one');
    expect(again).toMatchObject({
      level: 'warn',
      message: 'again net-one',
      outcome: 'retried',
      attempt: 1,
      family: 'net-one',
      version: '2.1.0',
      release: parts[2]?.release,
      messageId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      durationMs: expect.any(Number) as number,
    });
    expect(ready).toMatchObject({
      level: 'info',
      message: 'ready net-one',
      outcome: 'ready',
      attempt: 2,
      messageId: again?.['messageId'],
      traceId: again?.['traceId'],
    });
    expect(about('poison', 'net-one').map(({ level, outcome: ended }) => [level, ended])).toEqual([
      ['warn', 'retried'],
      ['error', 'dead'],
    ]);
    expect(about('broken', 'video-ingest')).toMatchObject([
      { level: 'info', outcome: 'failed', code: 'not-media', reason: 'no clip' },
    ]);
    expect(about('a', joinerFamily)).toMatchObject([{ level: 'info', outcome: 'ready' }]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    // All that is said of one clip is of one trace, and that is no other clip's.
    const traces = names.map((name) => [
      ...new Set(lines.filter(({ clipId }) => clipId === sha256Bytes(name)).map(({ traceId }) => traceId)),
    ]);
    expect(traces.map(({ length }) => length)).toEqual(names.map(() => 1));
    expect(new Set(traces.flat()).size).toBe(names.length);
  });

  it('carry the trace of who asked in the headers of every message, dead letters too, and not in messages', async () => {
    await serve();
    const heard: {
      readonly subject: string;
      readonly message: Pick<Message, 'clipId'>;
      readonly trace: TraceContext | undefined;
    }[] = [];
    bus.connection.subscribe('primatrix.v1.>', {
      callback: (_, sent) =>
        void heard.push({
          subject: sent.subject,
          message: sent.json(),
          trace: readTrace(sent.headers?.get('traceparent'), sent.headers?.get('tracestate')),
        }),
    });
    await using requester = await openRequester();
    const caller = { ...newTrace(), tracestate: 'vendor=1' };
    await ask(requester, 'stumble', caller);
    await ask(requester, 'poison');
    const of = (name: string) => heard.filter(({ message }) => message.clipId === sha256Bytes(name));
    // Joining, ingest, features and net: each a request and an answer. The last ones come after the answer that is kept.
    await vi.waitUntil(() => of('stumble').length === 8 && of('poison').length === 9, {
      timeout: 20_000,
      interval: 20,
    });
    expect(of('poison').filter(({ subject }) => subject.startsWith('primatrix.v1.dead.'))).toHaveLength(1);
    expect(new Set(of('stumble').map(({ trace }) => `${traceIdOf(trace ?? newTrace())} ${trace?.tracestate}`))).toEqual(
      new Set([`${traceIdOf(caller)} vendor=1`]),
    );
    const [first, ...others] = of('poison').map(({ trace }) => traceIdOf(trace ?? newTrace()));
    expect(new Set(others)).toEqual(new Set([first]));
    expect(first).not.toBe(traceIdOf(caller));
    for (const { message } of heard) expect(JSON.stringify(message)).not.toContain('traceparent');
  });

  it('are ready while there is a broker with their queues, and say what is missing; metrics go on without it', async () => {
    watch.readiness.expect([...parts.map(({ name }) => name), joinerFamily]);
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('part net-one') as string,
    });
    await serve();
    expect(await get('/readyz')).toEqual({
      status: 200,
      type: 'application/json',
      text: '{"ready":true,"missing":[]}\n',
    });

    await server.kill();
    await vi.waitUntil(async () => (await get('/readyz')).status === 503, { timeout: 20_000, interval: 50 });
    expect(JSON.parse((await get('/readyz')).text)).toEqual({
      ready: false,
      missing: [{ what: 'broker', why: 'there is no connection' }],
    });
    await vi.waitUntil(async () => !(await get('/metrics')).text.includes('primatrix_consumer_lag{'), {
      timeout: 20_000,
      interval: 50,
    });
    const without = samples((await get('/metrics')).text);
    expect(without.get('primatrix_broker_up')).toBe(0);
    expect([...without.keys()].some((name) => name.startsWith('primatrix_messages_total{'))).toBe(true);
    expect((await get('/healthz')).status).toBe(200);

    await server.restart();
    await vi.waitUntil(async () => (await get('/readyz')).status === 200, { timeout: 20_000, interval: 50 });
    watch.readiness.drain();
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('being stopped') as string,
    });
  });

  it('answer nothing else, and nobody else', async () => {
    expect(await get('/metrics/../x')).toMatchObject({ status: 404 });
    expect((await fetch(`${page.url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    await expect(
      startWatchServer(watch, { host: '127.0.0.1', port: Number(new URL(page.url).port) }),
    ).rejects.toMatchObject({ code: 'WATCH_ADDRESS', hint: expect.any(String) as string });
  });
});
