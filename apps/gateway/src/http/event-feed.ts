import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventReader, type SentEvent } from './event-reader.ts';
import { HttpProblem } from './http-problem.ts';

/** Events that are kept for clients whose connection broke. */
const remembered = 500;
const heartbeatMs = 15_000;
/** A page that is asleep reads nothing, and asks again when it wakes. */
const usualStallMs = 30_000;
/** Each browser has one; so many at once are no people. */
const mostReaders = 250;

/**
 * Server-sent events, numbered. A client that comes back with `Last-Event-ID` gets what it missed; where that is no
 * longer known (too much, or another start of the gateway) it gets `reset`, and is to ask for everything again. What
 * waits for clients does not grow with their number or their slowness: see {@link EventReader}.
 */
export class EventFeed {
  /** Tells ids of this start of the gateway from those of earlier ones. */
  private readonly epoch: string;
  private readonly stallMs: number;
  private events: SentEvent[] = [];
  /** Up to this number events are forgotten. */
  private forgotten = 0;
  private readonly readers = new Map<FastifyReply['raw'], EventReader>();
  private count = 0;

  /** @param stallMs how long a client may read nothing before it is cut off */
  constructor(epoch: string, { stallMs = usualStallMs } = {}) {
    this.epoch = epoch;
    this.stallMs = stallMs;
  }

  /** @param latestOnly events of this type say all that there is to say: earlier ones need not be kept */
  publish(type: string, data: unknown, { latestOnly = false } = {}): void {
    const event = this.event(++this.count, type, JSON.stringify(data));
    if (latestOnly) this.events = this.events.filter((before) => before.type !== type);
    this.events.push(event);
    if (this.events.length > remembered) this.forgotten = this.events.shift()?.number ?? 0;
    for (const reader of this.readers.values()) reader.send();
  }

  /**
   * Answers a request with events until the client leaves.
   * @throws HttpProblem 503 where too many clients listen already
   */
  serve(request: FastifyRequest, reply: FastifyReply): void {
    if (this.readers.size >= mostReaders) {
      throw new HttpProblem(503, 'TOO_MANY_LISTENERS', `${mostReaders} pages listen already`, {
        hint: 'close some, then reload this one',
      });
    }
    const { raw } = reply.hijack();
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write('retry: 1000\n\n');
    const reader = new EventReader(raw, {
      since: (number) => this.since(number),
      last: this.lastOf(request.headers['last-event-id']),
      stallMs: this.stallMs,
    });
    this.readers.set(raw, reader);
    reader.send();
    const heartbeat = setInterval(() => reader.beat(), heartbeatMs);
    raw.on('close', () => {
      clearInterval(heartbeat);
      this.readers.delete(raw);
    });
  }

  close(): void {
    for (const raw of this.readers.keys()) raw.end();
  }

  private since(number: number): readonly SentEvent[] {
    if (number < this.forgotten) return [this.event(this.count, 'reset', '{}')];
    return this.events.filter((event) => event.number > number);
  }

  private event(number: number, type: string, data: string): SentEvent {
    return { number, type, text: `id: ${this.epoch}-${number}\nevent: ${type}\ndata: ${data}\n\n` };
  }

  /**
   * Of the last event that a client has; -1 where that is not known here. One without an id has just loaded the page.
   */
  private lastOf(id: string | string[] | undefined): number {
    if (typeof id !== 'string' || id === '') return this.count;
    const at = id.lastIndexOf('-');
    const number = Number(id.slice(at + 1));
    return id.slice(0, at) === this.epoch && Number.isInteger(number) && number >= 0 && number <= this.count
      ? number
      : -1;
  }
}
