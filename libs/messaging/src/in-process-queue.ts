import type { DeadLetter, SubjectFilter, SubjectParts } from '@primatrix/contracts';
import type { TraceContext } from '@primatrix/telemetry';
import type { HandlerPool } from './handler-pool.ts';
import { Room } from './room.ts';

/** A message inside the in-process bus. It stays bytes, so that no two consumers can share an object. */
export interface Entry {
  readonly subject: string;
  readonly parts: SubjectParts;
  readonly data: Uint8Array;
  readonly trace: TraceContext | undefined;
}

/** An entry in one durable's queue. */
interface Item {
  readonly entry: Entry;
  attempt: number;
  settled: boolean;
}

/** What waits for one durable, and the consumers that share it. */
export class InProcessQueue {
  readonly filter: SubjectFilter;
  readonly room: Room;
  private readonly capacity: number;
  private readonly bury: (letter: DeadLetter) => void;
  private readonly ready: Item[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly pools = new Set<HandlerPool>();

  constructor(filter: SubjectFilter, capacity: number, bury: (letter: DeadLetter) => void) {
    this.filter = filter;
    this.capacity = capacity;
    this.room = new Room(capacity);
    this.bury = bury;
  }

  /** Whether anybody takes from it now. */
  get attended(): boolean {
    return this.pools.size > 0;
  }

  /** Puts an entry at the end; its place in {@link room} is already taken. */
  push(entry: Entry): void {
    this.ready.push({ entry, attempt: 0, settled: false });
    this.pump();
  }

  /** Lets go of the oldest entries over the capacity: for announcements that nobody listens to. */
  trim(): void {
    while (this.ready.length > this.capacity) this.settle(this.ready.shift() as Item);
  }

  attach(pool: HandlerPool): void {
    this.pools.add(pool);
    this.pump();
  }

  detach(pool: HandlerPool): void {
    this.pools.delete(pool);
  }

  /** Hands ready items to the pools with the most room, as long as there are both. */
  pump(): void {
    while (this.ready.length > 0) {
      let idle: HandlerPool | undefined;
      for (const pool of this.pools) if (pool.free > (idle?.free ?? 0)) idle = pool;
      if (idle === undefined) return;
      const item = this.ready.shift() as Item;
      if (!item.settled) this.deliver(item, idle);
    }
  }

  /** Forgets redeliveries that are still due. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private deliver(item: Item, pool: HandlerPool): void {
    item.attempt++;
    const { subject, data, trace } = item.entry;
    const again = () => {
      if (item.settled) return;
      this.ready.push(item);
      this.pump();
    };
    pool.start({
      subject,
      data,
      trace,
      attempt: item.attempt,
      ack: () => this.settle(item),
      working: () => {},
      retry: (pauseMs) => {
        const timer = setTimeout(() => {
          this.timers.delete(timer);
          again();
        }, pauseMs);
        this.timers.add(timer);
      },
      lapse: again,
      bury: async (letter) => {
        this.bury(letter);
        this.settle(item);
      },
    });
  }

  private settle(item: Item): void {
    if (item.settled) return;
    item.settled = true;
    this.room.give();
  }
}
