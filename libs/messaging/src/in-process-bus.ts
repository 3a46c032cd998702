import type { DeadLetter, Message, SubjectFilter, SubjectParts } from '@primatrix/contracts';
import { filterOf, parseSubject } from '@primatrix/contracts';
import type { TraceContext } from '@primatrix/telemetry';
import { BusError, conflictError } from './bus-error.ts';
import { consumeSettings } from './bus.ts';
import type { Bus, BusOptions, ConsumeOptions, ConsumeSettings, Consumption, Handler } from './bus.ts';
import { HandlerPool } from './handler-pool.ts';
import { InProcessQueue } from './in-process-queue.ts';
import type { Entry } from './in-process-queue.ts';
import { Lifecycle } from './lifecycle.ts';
import { Room } from './room.ts';
import { encodeMessage } from './wire-message.ts';

type Kind = 'work' | 'news';
const kindOf = ({ event }: Pick<SubjectParts, 'event'>): Kind => (event === 'requested' ? 'work' : 'news');

/**
 * The bus of one process: the same promises as on JetStream, as long as the process lives. Publishing waits while
 * `capacity` messages of a durable are unsettled, which slows producers down to their consumers.
 */
export class InProcessBus implements Bus {
  private readonly options: Required<Omit<BusOptions, 'replicas'>>;
  /** By durable. */
  private readonly queues: Record<Kind, Map<string, InProcessQueue>> = { work: new Map(), news: new Map() };
  /** Work whose durable has not come yet. */
  private unclaimed: Entry[] = [];
  private readonly unclaimedRoom: Room;
  /** The latest announcements, for durables that come later. */
  private readonly kept: Entry[] = [];
  private readonly letters: DeadLetter[] = [];
  /** Message ids by stream, with the moment when they may be forgotten; oldest first. */
  private readonly recent = new Map<string, number>();
  private readonly lifecycle = new Lifecycle();

  constructor(options: BusOptions = {}) {
    this.options = {
      publishTimeoutMs: 60_000,
      closeGraceMs: 30_000,
      duplicateWindowMs: 120_000,
      capacity: 10_000,
      onWait: () => {},
      ...options,
    };
    this.unclaimedRoom = new Room(this.options.capacity);
  }

  async publish(message: Message, trace?: TraceContext): Promise<{ duplicate: boolean }> {
    const { subject, data } = encodeMessage(message);
    return this.accept(subject, message.id, data, trace);
  }

  /** Takes bytes as they are, as from a relay; {@link publish} validates before. The subject must be a message's. */
  async accept(subject: string, id: string, data: Uint8Array, trace?: TraceContext): Promise<{ duplicate: boolean }> {
    const parts = parseSubject(subject);
    if (parts === undefined) {
      throw new BusError('BUS_MESSAGE', `accept: the subject must be one of messages, got '${subject}'`);
    }
    this.lifecycle.checkPublish();
    const key = `${kindOf(parts)} ${id}`;
    if (this.isRecent(key)) return { duplicate: true };
    this.recent.set(key, performance.now() + this.options.duplicateWindowMs);
    const entry: Entry = { subject, parts, data, trace };
    try {
      await this.lifecycle.track(kindOf(parts) === 'work' ? this.addWork(entry) : this.addNews(entry));
    } catch (error) {
      this.recent.delete(key);
      throw error;
    }
    return { duplicate: false };
  }

  async consume(options: ConsumeOptions, handler: Handler): Promise<Consumption> {
    const settings = consumeSettings(options);
    this.lifecycle.checkConsume();
    const queue = this.queueFor(settings, options.filter);
    const pool = new HandlerPool(settings, handler, () => queue.pump());
    const { closeGraceMs } = this.options;
    const { consumption } = this.lifecycle.adopt(
      settings.durable,
      closeGraceMs,
      async () => queue.room.taken,
      () => {
        queue.detach(pool);
        return pool.finish(closeGraceMs);
      },
    );
    queue.attach(pool);
    return consumption;
  }

  async deadLetters(limit = 1000): Promise<DeadLetter[]> {
    return structuredClone(this.letters.slice(-limit));
  }

  close(): Promise<void> {
    return this.lifecycle.close(async () => {
      for (const queues of Object.values(this.queues)) for (const queue of queues.values()) queue.close();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async addWork(entry: Entry): Promise<void> {
    let queue = this.workQueue(entry);
    await this.takeRoom(queue?.room ?? this.unclaimedRoom, entry);
    if (queue !== undefined) return queue.push(entry);
    queue = this.workQueue(entry);
    if (queue === undefined) {
      this.unclaimed.push(entry);
    } else {
      // Its durable came while this waited among the unclaimed.
      this.unclaimedRoom.give();
      queue.room.force();
      queue.push(entry);
    }
  }

  private async addNews(entry: Entry): Promise<void> {
    const held = new Set<InProcessQueue>();
    try {
      for (const queue of this.newsQueues(entry)) {
        // Nobody takes from it: waiting would be for ever, so the oldest make room below.
        if (queue.attended) await this.takeRoom(queue.room, entry);
        else queue.room.force();
        held.add(queue);
      }
    } catch (error) {
      for (const queue of held) queue.room.give();
      throw error;
    }
    // In one go, or a durable that came meanwhile would get it twice or not at all.
    for (const queue of this.newsQueues(entry)) {
      if (!held.has(queue)) queue.room.force();
      queue.push(entry);
      if (!queue.attended) queue.trim();
    }
    this.kept.push(entry);
    if (this.kept.length > this.options.capacity) this.kept.shift();
  }

  private newsQueues({ parts }: Entry): InProcessQueue[] {
    return [...this.queues.news.values()].filter((queue) => matches(queue.filter, parts));
  }

  private async takeRoom(room: Room, { subject }: Entry): Promise<void> {
    const { capacity, publishTimeoutMs } = this.options;
    if (await room.take(publishTimeoutMs)) return;
    throw new BusError(
      'BUS_FULL',
      `publish: ${subject}: ${capacity} messages wait, and none was taken within ${publishTimeoutMs} ms`,
      {
        fields: { subject, capacity },
        hint: 'start a consumer, or find out why it stands still',
      },
    );
  }

  private workQueue({ parts }: Entry): InProcessQueue | undefined {
    return [...this.queues.work.values()].find((queue) => matches(queue.filter, parts));
  }

  private queueFor({ durable, from }: ConsumeSettings, filter: SubjectFilter): InProcessQueue {
    const kind = kindOf(filter);
    const queues = this.queues[kind];
    const wanted = filterOf(filter);
    const existing = queues.get(durable);
    if (existing !== undefined) {
      const held = filterOf(existing.filter);
      if (held === wanted) return existing;
      throw conflictError(durable, wanted, `'${durable}' takes ${held}`);
    }
    for (const [other, queue] of queues) {
      if (kind === 'work' && overlap(queue.filter, filter)) {
        throw conflictError(durable, wanted, `'${other}' takes ${filterOf(queue.filter)}`);
      }
    }
    const queue = new InProcessQueue(filter, this.options.capacity, (letter) => this.keepLetter(letter));
    queues.set(durable, queue);
    for (const entry of kind === 'news' && from === 'now' ? [] : this.claim(kind, filter)) {
      queue.room.force();
      queue.push(entry);
    }
    return queue;
  }

  /** What a new durable finds: the work that waited for it, or the announcements still kept. */
  private claim(kind: Kind, filter: SubjectFilter): Entry[] {
    if (kind === 'news') return this.kept.filter(({ parts }) => matches(filter, parts));
    const claimed = this.unclaimed.filter(({ parts }) => matches(filter, parts));
    this.unclaimed = this.unclaimed.filter(({ parts }) => !matches(filter, parts));
    for (let i = 0; i < claimed.length; i++) this.unclaimedRoom.give();
    return claimed;
  }

  private keepLetter(letter: DeadLetter): void {
    this.letters.push(letter);
    if (this.letters.length > this.options.capacity) this.letters.shift();
  }

  private isRecent(key: string): boolean {
    const now = performance.now();
    for (const [old, until] of this.recent) {
      if (until > now) break;
      this.recent.delete(old);
    }
    return this.recent.has(key);
  }
}

function matches(filter: SubjectFilter, { stage, family, event, release }: SubjectParts): boolean {
  return (
    filter.release === release &&
    (filter.stage === '*' || filter.stage === stage) &&
    (filter.family === '*' || filter.family === family) &&
    filter.event === event
  );
}

function overlap(a: SubjectFilter, b: SubjectFilter): boolean {
  const meet = (x: string, y: string) => x === '*' || y === '*' || x === y;
  return meet(a.stage, b.stage) && meet(a.family, b.family) && a.event === b.event && a.release === b.release;
}
