import type { Rng } from '@primatrix/rng';
import type { EventQueue } from './event-queue.ts';
import type { Processors, Work } from './processors.ts';

/** What goes wrong with workers. */
export interface Mishaps {
  /** Deaths of a worker an hour, while it works. */
  readonly deathsPerHour: number;
  /** Until a dead worker's message comes again, and until there is another worker, seconds. */
  readonly ackWaitSeconds: number;
  readonly restartSeconds: number;
  /** Share of the pieces of work that take `stragglerFactor` times as long. */
  readonly stragglers: number;
  readonly stragglerFactor: number;
}

export const noMishaps: Mishaps = {
  deathsPerHour: 0,
  ackWaitSeconds: 30,
  restartSeconds: 30,
  stragglers: 0,
  stragglerFactor: 1,
};

export interface StationOptions {
  readonly workers: number;
  /** Messages that the queue has room for; who brings one more waits. Default: no limit. */
  readonly room?: number;
  readonly mishaps?: Mishaps;
}

interface Job {
  readonly work: Work;
  readonly done: () => void;
  readonly since: number;
}

/** How a station fared. */
export interface StationStatistics {
  readonly workers: number;
  readonly served: number;
  /** Share of the workers' time in which they worked, 0 to 1, until the last piece of work ended. */
  readonly utilisation: number;
  readonly meanQueue: number;
  readonly longestQueue: number;
  readonly meanWaitSeconds: number;
  readonly deaths: number;
}

/** A queue and the workers that take from it, first come first served. */
export class Station {
  readonly name: string;
  private readonly queue: EventQueue;
  private readonly processors: Processors;
  private readonly rng: Rng;
  private readonly workers: number;
  private readonly room: number;
  private readonly mishaps: Mishaps;
  private readonly waiting: Job[] = [];
  private head = 0;
  private readonly again: Job[] = [];
  private readonly outside: { readonly job: Job; readonly accepted: () => void }[] = [];
  private free: number;
  private served = 0;
  private deaths = 0;
  private waited = 0;
  private started = 0;
  private busySeconds = 0;
  private queueSeconds = 0;
  private longest = 0;
  private seenAt = 0;

  constructor(
    name: string,
    queue: EventQueue,
    processors: Processors,
    rng: Rng,
    { workers, room = Infinity, mishaps = noMishaps }: StationOptions,
  ) {
    this.name = name;
    this.queue = queue;
    this.processors = processors;
    this.rng = rng;
    this.workers = workers;
    this.room = room;
    this.mishaps = mishaps;
    this.free = workers;
  }

  /** Brings a piece of work. @param accepted called once the queue had room for it */
  offer(work: Work, done: () => void, accepted: () => void = () => {}): void {
    const job = { work, done, since: this.queue.now };
    if (this.length >= this.room) {
      this.outside.push({ job, accepted });
      return;
    }
    this.enqueue(job);
    accepted();
  }

  statistics(): StationStatistics {
    const { workers, served, deaths, queue } = this;
    this.note();
    const time = Math.max(queue.now, Number.MIN_VALUE);
    return {
      workers,
      served,
      utilisation: this.busySeconds / (workers * time),
      meanQueue: this.queueSeconds / time,
      longestQueue: this.longest,
      meanWaitSeconds: this.started === 0 ? 0 : this.waited / this.started,
      deaths,
    };
  }

  private get length(): number {
    return this.waiting.length - this.head;
  }

  private enqueue(job: Job): void {
    this.note();
    this.waiting.push(job);
    this.longest = Math.max(this.longest, this.length);
    this.serve();
  }

  /** Adds up how long the queue was, up to now. */
  private note(): void {
    const { now } = this.queue;
    this.queueSeconds += this.length * (now - this.seenAt);
    this.seenAt = now;
  }

  private take(): Job | undefined {
    // What comes again goes first.
    const before = this.again.shift();
    if (before !== undefined) return before;
    if (this.length === 0) return undefined;
    this.note();
    const job = this.waiting[this.head++];
    if (this.head > 1024 && this.head * 2 > this.waiting.length) {
      this.waiting.splice(0, this.head);
      this.head = 0;
    }
    const next = this.outside.shift();
    if (next !== undefined) {
      this.waiting.push(next.job);
      this.queue.after(0, next.accepted);
    }
    return job;
  }

  private serve(): void {
    while (this.free > 0) {
      const job = this.take();
      if (job === undefined) return;
      this.free--;
      this.waited += this.queue.now - job.since;
      this.started++;
      this.work(job);
    }
  }

  private work(job: Job): void {
    const { deathsPerHour, ackWaitSeconds, restartSeconds, stragglers, stragglerFactor } = this.mishaps;
    const factor = stragglers > 0 && this.rng.uniform() < stragglers ? stragglerFactor : 1;
    const seconds = job.work.seconds * factor;
    const cpuSeconds = job.work.cpuSeconds * factor;
    const livesSeconds = deathsPerHour > 0 ? (-Math.log(1 - this.rng.uniform()) * 3600) / deathsPerHour : Infinity;
    const startedAt = this.queue.now;
    if (livesSeconds >= seconds) {
      this.processors.run({ seconds, cpuSeconds }, () => {
        this.busySeconds += this.queue.now - startedAt;
        this.served++;
        this.free++;
        job.done();
        this.serve();
      });
      return;
    }
    this.processors.run({ seconds: livesSeconds, cpuSeconds: (cpuSeconds * livesSeconds) / seconds }, () => {
      this.busySeconds += this.queue.now - startedAt;
      this.deaths++;
      this.queue.after(restartSeconds, () => {
        this.free++;
        this.serve();
      });
      this.queue.after(ackWaitSeconds, () => {
        this.again.push({ ...job, since: this.queue.now });
        this.serve();
      });
    });
  }
}
