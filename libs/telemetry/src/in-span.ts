import {
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { newTrace, type TraceContext } from './trace-context.ts';
import { withoutPasswords } from './without-passwords.ts';

/** What a span says of its work, and which trace it belongs to. */
export interface SpanOptions {
  /** Which end of what: who asks and waits is `client`, who takes work from a queue `consumer`. */
  readonly kind: 'client' | 'server' | 'consumer' | 'internal';
  /** What this work follows from; absent: a trace begins. */
  readonly parent?: TraceContext | undefined;
  readonly attributes?: Attributes;
}

/** A piece of work under way, in its trace. */
export interface OpenSpan {
  /** To be handed on with whatever follows from this work. */
  readonly trace: TraceContext;
  set(attributes: Attributes): void;
  /** The work came to no good end, though nothing was thrown. */
  fail(reason: string): void;
  end(): void;
}

const kinds = {
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/**
 * Begins a span of OpenTelemetry. Where the process has no SDK nothing is recorded, and the trace is handed on all the
 * same. Contexts are passed as arguments: to find them by themselves, Node 20 would follow every promise.
 */
export function startSpan(name: string, { kind, parent, attributes = {} }: SpanOptions): OpenSpan {
  const span = trace
    .getTracer('@primatrix/telemetry')
    .startSpan(name, { kind: kinds[kind], attributes }, contextOf(parent));
  const own = span.spanContext();
  return {
    trace: isSpanContextValid(own) ? traceOf(own, parent) : (parent ?? newTrace()),
    set: (more) => void span.setAttributes(more),
    fail: (reason) => void span.setStatus({ code: SpanStatusCode.ERROR, message: withoutPasswords(reason) }),
    end: () => span.end(),
  };
}

/** Does work within a span, which ends with it and has failed where it rejects. */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  const span = startSpan(name, options);
  try {
    return await work(span);
  } catch (error) {
    span.fail(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    throw error;
  } finally {
    span.end();
  }
}

function contextOf(parent: TraceContext | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceparent, tracestate } = parent;
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  const context: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.setSpanContext(
    ROOT_CONTEXT,
    tracestate === undefined ? context : { ...context, traceState: createTraceState(tracestate) },
  );
}

function traceOf(
  { traceId, spanId, traceFlags, traceState }: SpanContext,
  parent: TraceContext | undefined,
): TraceContext {
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  if (traceparent === parent?.traceparent) return parent;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}
