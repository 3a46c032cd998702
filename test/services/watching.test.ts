import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort, natsServerAvailable, startNatsServer, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it, vi } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { run, start } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const password = 'hunter2-and-more';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Name of the service that recorded it. */
  readonly service: string;
  readonly clipId: string | undefined;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

/** A collector of OpenTelemetry's, as far as it takes spans as JSON over HTTP. */
async function startCollector(): Promise<{ url: string; spans: Span[] } & AsyncDisposable> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (piece: string) => (body += piece))
      .on('end', () => {
        if (request.url === '/v1/traces') {
          const of = (attributes: Attribute[], name: string) =>
            attributes.find(({ key }) => key === name)?.value.stringValue;
          const { resourceSpans } = JSON.parse(body) as {
            resourceSpans: {
              resource: { attributes: Attribute[] };
              scopeSpans: { spans: (Span & { attributes: Attribute[] })[] }[];
            }[];
          };
          for (const { resource, scopeSpans } of resourceSpans) {
            for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
              spans.push({
                ...span,
                service: of(resource.attributes, 'service.name') ?? '',
                clipId: of(span.attributes, 'primatrix.clip_id'),
              });
            }
          }
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe.skipIf(!natsServerAvailable())('serve and predict --remote, watched', () => {
  it('wait for their broker, tell what they do without passwords, and record one trace a clip across processes; results stay the same', async () => {
    await using folder = await temporaryFolder();
    await writeFile(
      folder.join('nats.conf'),
      `jetstream { store_dir: ${JSON.stringify(folder.join('broker'))} }\nauthorization { user: worker, password: $PASSWORD }\n`,
    );
    await using server = await startNatsServer({ file: folder.join('nats.conf'), env: { PASSWORD: password } });
    await using collector = await startCollector();
    await server.kill();
    const port = await freePort();
    const env = {
      NATS_URL: `nats://worker:${password}@127.0.0.1:${server.port}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    };
    const shared = ['--bundle', sample.bundle, '--store', folder.join('store')];
    const worker = start(['serve', '--all', ...shared], {
      env: { ...env, PRIMATRIX_LOG: 'json', PRIMATRIX_METRICS_PORT: String(port) },
    });
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    try {
      const waited = await worker.says('waiting for the broker');
      expect(await get('/healthz')).toEqual({ status: 200, text: '{"status":"ok"}\n' });
      expect(await get('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('"broker"') as string });
      const serves = worker.says('serving ');
      await server.restart();
      await serves;
      expect(waited).toContain('waiting for the broker');
      expect(await get('/readyz')).toMatchObject({ status: 200 });

      const files = (await filesBelow(join(sample.dataset, 'clips')))
        .slice(0, 3)
        .map((name) => join(sample.dataset, 'clips', name));
      const predict = (out: string, more: string[]) =>
        run(['predict', ...files, '--bundle', sample.bundle, '--out', folder.join(out), ...more], { env });
      const remote = await predict('remote.csv', ['--remote', '--store', folder.join('store')]);
      const local = await predict('local.csv', []);
      expect(remote.status).toBe(local.status);
      expect(await readFile(folder.join('remote.csv'), 'utf8')).toBe(await readFile(folder.join('local.csv'), 'utf8'));

      const { text } = await get('/metrics');
      const done = (part: string) =>
        Number(new RegExp(`^primatrix_messages_total\\{[^}]*part="${part}"[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1]);
      expect([done('joiner'), done('video-ingest'), done('ensemble')]).toEqual([files.length, files.length, 1]);
      expect(text).toMatch(/^process_resident_memory_bytes \d+/m);

      worker.kill('SIGTERM');
      const ended = await worker.ended;
      expect(ended.status).toBe(0);
      const lines = ended.stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { message: string; clipId?: string; traceId?: string });
      expect(lines.map(({ message }) => message)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('waiting for the broker'),
          'ready ensemble',
          expect.stringContaining('stopping'),
        ]),
      );
      for (const said of [ended.stderr, remote.stderr, text]) expect(said).not.toContain(password);

      // The worker has sent its last spans when it has ended.
      await vi.waitUntil(() => collector.spans.some(({ name }) => name === 'ask ensemble'), { timeout: 20_000 });
      const clips = new Set(lines.flatMap(({ clipId }) => clipId ?? []));
      expect(clips.size).toBe(files.length);
      for (const clipId of clips) {
        const spans = collector.spans.filter((span) => span.clipId === clipId);
        const [traceId, ...others] = new Set(spans.map((span) => span.traceId));
        expect(others).toEqual([]);
        expect([...new Set(lines.filter((line) => line.clipId === clipId).map((line) => line.traceId))]).toEqual([
          traceId,
        ]);
        expect(spans.map(({ service, name }) => `${service}: ${name}`)).toEqual(
          expect.arrayContaining([
            'primatrix-predict: ask joiner',
            'primatrix: joiner admit',
            'primatrix: ingest video-ingest',
            'primatrix: joiner take',
            'primatrix: joiner finish',
          ]),
        );
        // All but the first hang below another.
        const ids = new Set(spans.map(({ spanId }) => spanId));
        expect(spans.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId)).map(({ name }) => name)).toEqual([
          'ask joiner',
        ]);
      }
    } finally {
      worker.kill('SIGKILL');
      await worker.ended;
    }
  });

  it('end with 2 and a clear word when no broker comes in time, and well when they are stopped before', async () => {
    await using folder = await temporaryFolder();
    const env = { NATS_URL: `nats://worker:${password}@127.0.0.1:${await freePort()}` };
    const serve = run(['serve', 'joiner', '--bundle', sample.bundle, '--wait', '1'], { env });
    const json = run(['serve', 'joiner', '--bundle', sample.bundle, '--wait', '0', '--log', 'json'], { env });
    const predict = run(
      [
        'predict',
        join(sample.dataset, 'clips'),
        '--bundle',
        sample.bundle,
        '--out',
        folder.join('out.csv'),
        '--remote',
        '--wait',
        '0',
      ],
      { env },
    );
    const patient = start(['serve', 'joiner', '--bundle', sample.bundle], { env });
    await patient.says('waiting for the broker');
    patient.kill('SIGTERM');
    expect(await patient.ended).toMatchObject({ status: 0 });
    for (const [command, ended] of [
      ['serve', await serve],
      ['predict', await predict],
      ['serve', await json],
    ] as const) {
      expect(ended.status).toBe(2);
      expect(ended.stderr).toContain(`${command}: no NATS server at nats://127.0.0.1:`);
      expect(ended.stderr).not.toContain(password);
    }
    expect((await serve).stderr).toContain('waiting for the broker');
    expect(JSON.parse((await json).stderr)).toMatchObject({ level: 'error', code: 'BUS_UNREACHABLE' });
  });
});
