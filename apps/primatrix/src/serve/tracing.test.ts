import { startSpan, textLog, traceIdOf } from '@primatrix/telemetry';
import { afterEach, expect, it, vi } from 'vitest';
import { startTracing } from './tracing.ts';

afterEach(() => vi.unstubAllEnvs());

it('records nothing unless a collector is named', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '');
  const lines: string[] = [];
  await using _tracing = await startTracing(
    'test',
    textLog((line) => lines.push(line)),
  );
  const outer = startSpan('outer', { kind: 'client' });
  // Without an SDK a span has no id of its own.
  expect(startSpan('inner', { kind: 'internal', parent: outer.trace }).trace).toEqual(outer.trace);
  expect(lines).toEqual([]);
});

it('says once that the collector is away, without its password, and ends all the same', async () => {
  // Nobody listens on port 1.
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:hunter2@127.0.0.1:1');
  const lines: string[] = [];
  {
    await using _tracing = await startTracing(
      'test',
      textLog((line) => lines.push(line)),
    );
    const outer = startSpan('outer', { kind: 'client' });
    const inner = startSpan('inner', { kind: 'internal', parent: outer.trace });
    expect(inner.trace).not.toEqual(outer.trace);
    expect(traceIdOf(inner.trace)).toBe(traceIdOf(outer.trace));
    inner.end();
    outer.end();
  }
  expect(lines).toEqual([
    expect.stringMatching(/^warning: traces cannot be sent; this is said once {2}reason=".*ECONNREFUSED.*"\n$/),
  ]);
  expect(lines.join('')).not.toContain('hunter2');
});
