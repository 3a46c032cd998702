import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { inSpan, startSpan } from './in-span.ts';
import { newTrace, traceIdOf } from './trace-context.ts';

afterEach(() => trace.disable());

describe('without an SDK', () => {
  it('hands the trace on as it came, and begins one where there is none', async () => {
    const parent = { ...newTrace(), tracestate: 'vendor=1' };
    expect(await inSpan('work', { kind: 'consumer', parent }, async (span) => span.trace)).toEqual(parent);
    const first = startSpan('ask', { kind: 'client' }).trace;
    const second = startSpan('ask', { kind: 'client' }).trace;
    expect(first.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(traceIdOf(first)).not.toBe(traceIdOf(second));
  });
});

describe('with an SDK', () => {
  const record = () => {
    const exporter = new InMemorySpanExporter();
    const processor = new SimpleSpanProcessor({ exporter });
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
    return async () => {
      await processor.forceFlush();
      return exporter.getFinishedSpans();
    };
  };

  it('records spans of one trace, each below the one that it follows from', async () => {
    const spans = record();
    const parent = { ...newTrace(), tracestate: 'vendor=1' };
    const inner = await inSpan(
      'outer',
      { kind: 'consumer', parent, attributes: { 'primatrix.part': 'net-one' } },
      async (outer) => {
        outer.set({ 'primatrix.attempt': 2 });
        return inSpan('inner', { kind: 'client', parent: outer.trace }, async (span) => span.trace);
      },
    );
    expect([traceIdOf(inner), inner.tracestate]).toEqual([traceIdOf(parent), 'vendor=1']);
    expect(inner.traceparent).not.toBe(parent.traceparent);
    const [first, second] = await spans();
    expect([first?.name, second?.name]).toEqual(['inner', 'outer']);
    expect(first?.parentSpanContext?.spanId).toBe(second?.spanContext().spanId);
    expect(second?.parentSpanContext?.spanId).toBe(parent.traceparent.split('-')[2]);
    expect(second?.attributes).toEqual({ 'primatrix.part': 'net-one', 'primatrix.attempt': 2 });
  });

  it('says of work that rejects why, without passwords, and ends its span', async () => {
    const spans = record();
    await expect(
      inSpan('work', { kind: 'internal' }, () => Promise.reject(new RangeError('no nats://me:secret@host'))),
    ).rejects.toThrow(RangeError);
    expect((await spans())[0]?.status).toEqual({ code: 2, message: 'RangeError: no nats://host' });
  });
});
