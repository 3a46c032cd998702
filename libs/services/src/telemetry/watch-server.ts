import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '@primatrix/contracts';
import type { ServiceWatch } from './service-watch.ts';

/** The HTTP server of metrics and readiness, listening. */
export interface WatchServer extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
}

/**
 * Offers over HTTP what is watched: `/metrics` (Prometheus), `/healthz` (the process answers) and `/readyz` (200, or 503 with
 * what is missing as JSON). None of it names clips. Whether the broker is there or not, an answer comes within about a second.
 * @param port 0 takes a free one
 * @throws UsageError WATCH_ADDRESS where it cannot listen there
 */
export async function startWatchServer(
  { metrics, readiness }: Pick<ServiceWatch, 'metrics' | 'readiness'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<WatchServer> {
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/healthz': async (response) => send(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const missing = await readiness.lacks();
      send(response, missing.length === 0 ? 200 : 503, { ready: missing.length === 0, missing });
    },
    '/metrics': async (response) => {
      const { type, body } = await metrics.text();
      response.writeHead(200, { 'content-type': type }).end(body);
    },
  };
  const server = createServer((request, response) => {
    const page = pages[(request.url ?? '').replace(/\?.*$/, '')];
    if (page === undefined) return send(response, 404, { problem: `there are ${Object.keys(pages).join(', ')}` });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return send(response, 405, { problem: 'only GET is answered' });
    }
    page(response).catch(() => send(response, 500, { problem: 'it could not be read' }));
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new UsageError(
      'WATCH_ADDRESS',
      `services: metrics cannot be offered at ${host}, port ${port}: ${(cause as Error).message}`,
      { cause, hint: 'choose another port or address' },
    );
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return void response.end();
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
}
