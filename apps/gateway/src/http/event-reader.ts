import type { FastifyReply } from 'fastify';

/** An event with its number, as it is sent to all; numbers rise, and some are left out. */
export interface SentEvent {
  readonly number: number;
  readonly type: string;
  readonly text: string;
}

/** Events behind a number; where some of them are forgotten one that says so, `reset`. */
export type EventsSince = (number: number) => readonly SentEvent[];

/**
 * One client that events are sent to. It gets no more than its connection takes: while that is full nothing is kept
 * for it, and what it missed is sent once it has read. Who reads nothing for long is cut off, and comes back with the
 * number of the last event it has.
 */
export class EventReader {
  private readonly raw: FastifyReply['raw'];
  private readonly since: EventsSince;
  private readonly stallMs: number;
  private last: number;
  private stalled: NodeJS.Timeout | undefined;

  /** @param last number of the last event that the client has @param stallMs how long it may read nothing */
  constructor(
    raw: FastifyReply['raw'],
    { since, last, stallMs }: { since: EventsSince; last: number; stallMs: number },
  ) {
    this.raw = raw;
    this.since = since;
    this.last = last;
    this.stallMs = stallMs;
    raw.on('drain', () => {
      clearTimeout(this.stalled);
      this.stalled = undefined;
      this.send();
    });
    raw.on('close', () => clearTimeout(this.stalled));
    // Whoever leaves just when something is written is no fault.
    raw.on('error', () => {});
  }

  /** Sends what the client does not have yet, as far as it reads. */
  send(): void {
    if (this.stalled !== undefined) return;
    for (const event of this.since(this.last)) {
      this.last = event.number;
      if (!this.write(event.text)) return;
    }
  }

  /** Keeps proxies from closing the connection; not needed where something waits to be read. */
  beat(): void {
    if (this.stalled === undefined) this.write(': still here\n\n');
  }

  /** @returns whether there is room for more */
  private write(text: string): boolean {
    if (this.raw.write(text)) return true;
    this.stalled ??= setTimeout(() => this.raw.destroy(), this.stallMs);
    this.stalled.unref();
    return false;
  }
}
