export { inSpan, startSpan } from './in-span.ts';
export type { OpenSpan, SpanOptions } from './in-span.ts';
export { jsonLog, textLog } from './log.ts';
export type { Log, LogFields, LogLevel } from './log.ts';
export { newTrace, readTrace, traceHeaders, traceIdOf } from './trace-context.ts';
export type { TraceContext } from './trace-context.ts';
export { withoutPasswords } from './without-passwords.ts';
