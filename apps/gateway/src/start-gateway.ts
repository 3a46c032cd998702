import type { AddressInfo } from 'node:net';
import { packageOf } from '@primatrix/files';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ClipMedia } from './media/clip-media.ts';
import { changeRoutes } from './routes/change-routes.ts';
import { decisionRoutes } from './routes/decision-routes.ts';
import { clipRoutes } from './routes/clip-routes.ts';
import { exchangeRoutes } from './routes/exchange-routes.ts';
import { exportRoutes } from './routes/export-routes.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { usualBodyLimits, watchBodies, type BodyLimits } from './http/body-watch.ts';
import { HttpProblem, problemOf } from './http/http-problem.ts';
import { openApi } from './http/openapi.ts';
import type { ProjectRefit } from './refit/project-refit.ts';
import { refitRoutes } from './routes/refit-routes.ts';
import type { ReviewProject } from './project/review-project.ts';
import { registerRoutes, route, type Route } from './http/route.ts';
import { serveSite, type Site } from './http/static-site.ts';
import { TokenGuard } from './http/token-guard.ts';
import { traceIdOfRequest, watchRequests } from './metrics/watch-requests.ts';

const { version } = packageOf(import.meta.url);

/** What the gateway serves, and where. */
export interface GatewayOptions {
  readonly project: ReviewProject;
  /** Absent: the second level cannot be fitted again from here. */
  readonly refit?: ProjectRefit;
  /** The built pages; absent: the API alone. */
  readonly site?: Site;
  readonly token: string;
  /** Address to listen on; `127.0.0.1` keeps others out. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What is to be said of the machine, beside what the project has to say. */
  readonly notices?: readonly string[];
  readonly limits: { readonly uploadBytes: number; readonly clips: number };
  /** Whether folders of this machine may be added from it; default true. See `isAskedFromHere`. */
  readonly folders?: boolean;
  /** How slowly requests may come; default {@link usualBodyLimits}. */
  readonly bodies?: BodyLimits;
  /** Told of errors that are no one's fault but ours, and of the trace of the request that met them. */
  readonly onError: (error: unknown, traceId: string | undefined) => void;
}

/** A gateway that listens. */
export interface Gateway {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no more requests and ends those that go on. */
  close(): Promise<void>;
}

/** Serves a project over HTTP until it is closed. */
export async function startGateway({
  project,
  refit,
  site,
  token,
  host,
  port,
  notices = [],
  limits,
  folders = true,
  bodies = usualBodyLimits,
  onError,
}: GatewayOptions): Promise<Gateway> {
  // A decision names as many clips as a project may have.
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 4 << 20, routerOptions: { maxParamLength: 200 } });
  const guard = new TokenGuard(token);
  const metrics = new GatewayMetrics(project);
  watchRequests(app, metrics);
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
  // Why it has stopped names clips and folders: the pages say it to those who may know.
  app.get('/readyz', (_request, reply) => {
    const missing =
      project.progress().stage === 'stopped' ? [{ what: 'prediction', why: 'it has stopped; the pages say why' }] : [];
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });
  await app.register(async (inner) => {
    guard.guard(inner);
    takeUploads(inner);
    watchBodies(inner, bodies);
    // How many clips there are, and when people work, is for those who have the token: Prometheus can send one.
    inner.get('/metrics', async (_request, reply) => {
      const { type, body } = await metrics.text();
      return reply.header('content-type', type).send(body);
    });
    const routes: Route[] = [
      ...clipRoutes(project, new ClipMedia(project.folder), { limits, folders, notices }),
      ...changeRoutes(project),
      ...decisionRoutes(project),
      ...exportRoutes(project),
      ...exchangeRoutes(project),
      ...(refit === undefined ? [] : refitRoutes(refit)),
    ];
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

/** Uploads come in pieces whatever they say they are; all else is JSON. */
function takeUploads(app: FastifyInstance): void {
  app.addContentTypeParser('*', (request, payload, done) => {
    if ((request.routeOptions.config as { upload?: boolean }).upload === true) done(null, payload);
    else done(new HttpProblem(415, 'MEDIA_TYPE', 'the body must be application/json'));
  });
}
