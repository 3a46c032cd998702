import { describe, expect, it } from 'vitest';
import { newTrace, readTrace, traceIdOf } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

describe('readTrace', () => {
  it('takes what W3C Trace Context allows, as the version that is known', () => {
    expect(readTrace(traceparent, 'a=1,b=2')).toEqual({ traceparent, tracestate: 'a=1,b=2' });
    expect(readTrace(traceparent)).toEqual({ traceparent });
    expect(readTrace(`cc-${traceparent.slice(3)}-what-comes-later`)).toEqual({ traceparent });
  });

  it.each([
    undefined,
    7,
    '',
    'x',
    `ff-${traceparent.slice(3)}`,
    traceparent.toUpperCase(),
    traceparent.replace(traceId, '0'.repeat(32)),
    traceparent.replace('00f067aa0ba902b7', '0'.repeat(16)),
    `${traceparent}1`,
    ` ${traceparent}`,
  ])('takes %j for none', (text) => {
    expect(readTrace(text)).toBeUndefined();
  });

  it('leaves out a state that is too long or could end a header', () => {
    expect(readTrace(traceparent, 'x'.repeat(513))).toEqual({ traceparent });
    expect(readTrace(traceparent, 'a=1\r\nNats-Msg-Id: x')).toEqual({ traceparent });
  });
});

it('begins traces that are all different, and reads what it wrote', () => {
  const traces = Array.from({ length: 100 }, newTrace);
  expect(new Set(traces.map(traceIdOf)).size).toBe(100);
  for (const each of traces) expect(readTrace(each.traceparent)).toEqual(each);
});
