import { readTrace, startSpan, traceHeaders, traceIdOf, type OpenSpan, type TraceContext } from '@primatrix/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayMetrics } from './gateway-metrics.ts';

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/** Counts every request, and makes it a span of the caller's trace where it names one. */
export function watchRequests(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.addHook('onRequest', async (request) => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url;
    spans.set(
      request,
      startSpan(route === undefined ? method : `${method} ${route}`, {
        kind: 'server',
        parent: readTrace(headers[traceHeaders.parent], headers[traceHeaders.state]),
        attributes: { 'http.request.method': method, ...(route === undefined ? {} : { 'http.route': route }) },
      }),
    );
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    metrics.answered({ method, route: routeOptions.url, status: reply.statusCode, durationMs: reply.elapsedTime });
    const span = spans.get(request);
    span?.set({ 'http.response.status_code': reply.statusCode });
    if (reply.statusCode >= 500) span?.fail(`status ${reply.statusCode}`);
    span?.end();
  });
}

/** The trace of a request that is being answered, for what follows from it. */
export function traceOfRequest(request: FastifyRequest): TraceContext | undefined {
  return spans.get(request)?.trace;
}

/** The id of its trace, for log lines about it. */
export function traceIdOfRequest(request: FastifyRequest): string | undefined {
  const trace = traceOfRequest(request);
  return trace === undefined ? undefined : traceIdOf(trace);
}
