import type { AddressInfo } from 'node:net';
import { packageOf } from '@primatrix/files';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { traceIdOfRequest } from '../metrics/watch-requests.ts';
import { usualBodyLimits, watchBodies, type BodyLimits } from './body-watch.ts';
import { HttpProblem, problemOf } from './http-problem.ts';
import { openApi } from './openapi.ts';
import { registerRoutes, route, type Route } from './route.ts';
import type { KeyHolders } from './signed-in.ts';
import { serveSite, type Site } from './static-site.ts';
import { TokenGuard } from './token-guard.ts';

const { version } = packageOf(import.meta.url);

/** Where a server listens, and whom it answers. */
export interface ServerOptions {
  /** The built pages; absent: the API alone. */
  readonly site?: Site;
  readonly token: string;
  /** Address to listen on; `127.0.0.1` keeps others out. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How slowly requests may come; default {@link usualBodyLimits}. */
  readonly bodies?: BodyLimits;
  /** Told of errors that are no one's fault but ours, and of the trace of the request that met them. */
  readonly onError: (error: unknown, traceId: string | undefined) => void;
}

/** What a server answers. */
export interface ServedParts {
  readonly routes: readonly Route[];
  /** What it lacks to do its work, in words. */
  readonly missing: () => readonly { readonly what: string; readonly why: string }[];
  /** Who may come in beside whoever has the token; absent: nobody. */
  readonly people?: KeyHolders;
  /** Watches all requests. */
  readonly watch?: (app: FastifyInstance) => void;
  /** Adds what is no route of the API; only who has the token gets there. */
  readonly more?: (app: FastifyInstance) => void;
}

/** A gateway that listens. */
export interface Gateway {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no more requests and ends those that go on. */
  close(): Promise<void>;
}

/** Serves routes and pages over HTTP until it is closed. */
export async function openServer(
  { site, token, host, port, bodies = usualBodyLimits, onError }: ServerOptions,
  { routes, missing, people, watch, more }: ServedParts,
): Promise<Gateway> {
  // A decision names as many clips as a project may have.
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 4 << 20, routerOptions: { maxParamLength: 200 } });
  const guard = new TokenGuard(token, people);
  watch?.(app);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(brokeOff(request) && !(error instanceof HttpProblem) ? aborted() : error);
    if (problem.status === 500) onError(error, traceIdOfRequest(request));
    // What is left of a refused upload is not read.
    if (problem.status === 413 || problem.status === 408) reply.header('connection', 'close');
    return reply
      .code(problem.status)
      .header('content-type', 'application/problem+json')
      .serializer(JSON.stringify)
      .send(problem);
  });
  app.setNotFoundHandler(() => {
    throw new HttpProblem(404, 'NOT_FOUND', 'there is nothing at this address');
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) => {
    const lacks = missing();
    return reply.code(lacks.length === 0 ? 200 : 503).send({ ready: lacks.length === 0, missing: lacks });
  });
  await app.register(async (inner) => {
    guard.guard(inner);
    takeUploads(inner);
    watchBodies(inner, bodies);
    more?.(inner);
    const document = openApi(routes, version);
    registerRoutes(inner, [
      ...routes,
      route({
        method: 'GET',
        path: '/openapi.json',
        summary: 'This document',
        answer: { media: 'application/json', says: 'OpenAPI 3.1' },
        handle: () => document,
      }),
    ]);
  });
  if (site !== undefined) serveSite(app, site, guard);
  await app.listen({ host, port });
  const { port: taken } = app.server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, close: () => app.close() };
}

/** Whether who asked has gone before all of the request was there: that is no fault of ours. */
function brokeOff({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

function aborted(): HttpProblem {
  return new HttpProblem(400, 'BODY_ABORTED', 'the request broke off before all of it was there');
}

/** Uploads come in pieces whatever they say they are, unless that is a form; all else is JSON. */
function takeUploads(app: FastifyInstance): void {
  app.addContentTypeParser('*', (request, payload, done) => {
    // A form is an envelope with the clip in it, and must not be kept as the clip.
    const isForm = /^multipart\//i.test(request.headers['content-type'] ?? '');
    if ((request.routeOptions.config as { upload?: boolean }).upload === true) done(null, isForm ? 'form' : payload);
    else done(new HttpProblem(415, 'MEDIA_TYPE', 'the body must be application/json'));
  });
}
