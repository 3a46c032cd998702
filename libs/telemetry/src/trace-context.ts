import { randomBytes } from 'node:crypto';

/**
 * The trace that a piece of work belongs to, as W3C Trace Context writes it. It travels in headers and never in a message:
 * ids and results do not depend on it.
 */
export interface TraceContext {
  /** `00-<trace id, 32 digits>-<span id, 16 digits>-<flags>`, hexadecimal. */
  readonly traceparent: string;
  /** What tracing systems add, 512 characters at most. */
  readonly tracestate?: string | undefined;
}

/** Names of the headers, over HTTP and NATS. */
export const traceHeaders = { parent: 'traceparent', state: 'tracestate' } as const;

const pattern = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(?:$|-)/;
const longestState = 512;

/** Reads the two headers as they came from wherever; undefined where they are none. */
export function readTrace(traceparent: unknown, tracestate?: unknown): TraceContext | undefined {
  // Later versions may add fields after these: they are told on as the version that is known.
  const [, fields] = typeof traceparent === 'string' ? (pattern.exec(traceparent) ?? []) : [];
  if (fields === undefined) return undefined;
  const known =
    typeof tracestate === 'string' && /^[\x20-\x7e]+$/.test(tracestate) && tracestate.length <= longestState;
  return { traceparent: `00-${fields}`, ...(known ? { tracestate } : {}) };
}

/** A trace that begins here. It is marked as sampled: whether spans are kept is for those who have somewhere to send them. */
export function newTrace(): TraceContext {
  return { traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` };
}

/** The 32 digits that all of a trace have in common. */
export function traceIdOf({ traceparent }: TraceContext): string {
  return traceparent.slice(3, 35);
}
