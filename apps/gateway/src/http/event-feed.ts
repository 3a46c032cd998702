import type { FastifyReply, FastifyRequest } from 'fastify';

/** Events that are kept for clients whose connection broke. */
const remembered = 500;
const heartbeatMs = 15_000;

interface SentEvent {
  readonly number: number;
  readonly type: string;
  readonly data: string;
}

/**
 * Server-sent events, numbered. A client that comes back with `Last-Event-ID` gets what it missed; where that is no
 * longer known (too much, or another start of the gateway) it gets `reset`, and is to ask for everything again.
 */
export class EventFeed {
  /** Tells ids of this start of the gateway from those of earlier ones. */
  private readonly epoch: string;
  private events: SentEvent[] = [];
  /** Up to this number events are forgotten. */
  private forgotten = 0;
  private readonly listeners = new Set<(event: SentEvent) => void>();
  private readonly open = new Set<FastifyReply['raw']>();
  private count = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  /** @param latestOnly events of this type say all that there is to say: earlier ones need not be kept */
  publish(type: string, data: unknown, { latestOnly = false } = {}): void {
    const event = { number: ++this.count, type, data: JSON.stringify(data) };
    if (latestOnly) this.events = this.events.filter((before) => before.type !== type);
    this.events.push(event);
    if (this.events.length > remembered) this.forgotten = this.events.shift()?.number ?? 0;
    for (const listener of this.listeners) listener(event);
  }

  /** Answers a request with events until the client leaves. */
  serve(request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = reply.hijack();
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const write = ({ number, type, data }: SentEvent) =>
      raw.write(`id: ${this.epoch}-${number}\nevent: ${type}\ndata: ${data}\n\n`);
    const missed = this.since(request.headers['last-event-id']);
    raw.write('retry: 1000\n\n');
    if (missed === 'unknown') write({ number: this.count, type: 'reset', data: '{}' });
    else missed.forEach(write);
    this.listeners.add(write);
    this.open.add(raw);
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
    raw.on('close', () => {
      clearInterval(heartbeat);
      this.listeners.delete(write);
      this.open.delete(raw);
    });
  }

  close(): void {
    for (const raw of this.open) raw.end();
  }

  /** A client without an id has just loaded the page: it misses nothing. */
  private since(id: string | string[] | undefined): readonly SentEvent[] | 'unknown' {
    if (typeof id !== 'string' || id === '') return [];
    const at = id.lastIndexOf('-');
    const number = Number(id.slice(at + 1));
    const known =
      id.slice(0, at) === this.epoch && Number.isInteger(number) && number <= this.count && number >= this.forgotten;
    return known ? this.events.filter((event) => event.number > number) : 'unknown';
  }
}
