import type { EventQueue } from './event-queue.ts';

/** A piece of work: how long it takes alone on a machine, and how many processor seconds of that. */
export interface Work {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * What work runs on. Each worker may have a machine of its own, or all share `cores`: where they want more than there
 * are, all slow down alike (processor sharing), which a clock of work done keeps track of.
 */
export class Processors {
  private readonly queue: EventQueue;
  private readonly cores: number;
  /** Work that goes on, by when its own clock ends it. */
  private readonly running = new Set<{ readonly endsAt: number; readonly demand: number; readonly done: () => void }>();
  private demand = 0;
  private done = 0;
  private seenAt = 0;
  private version = 0;

  /** @param cores Infinity: machines of their own */
  constructor(queue: EventQueue, cores = Infinity) {
    this.queue = queue;
    this.cores = cores;
  }

  run({ seconds, cpuSeconds }: Work, done: () => void): void {
    if (this.cores === Infinity) return this.queue.after(seconds, done);
    this.catchUp();
    // What waits for a disk or a child still takes its time, and no core.
    const demand = seconds > 0 ? cpuSeconds / seconds : 0;
    this.running.add({ endsAt: this.done + seconds, demand, done });
    this.demand += demand;
    this.planNext();
  }

  private get speed(): number {
    return this.demand > this.cores ? this.cores / this.demand : 1;
  }

  private catchUp(): void {
    this.done += (this.queue.now - this.seenAt) * this.speed;
    this.seenAt = this.queue.now;
  }

  private planNext(): void {
    const version = ++this.version;
    let first: { readonly endsAt: number; readonly demand: number; readonly done: () => void } | undefined;
    // A machine has few workers: no heap is needed.
    for (const one of this.running) if (first === undefined || one.endsAt < first.endsAt) first = one;
    if (first === undefined) return;
    const next = first;
    this.queue.after(Math.max(0, (next.endsAt - this.done) / this.speed), () => {
      if (version !== this.version) return;
      this.catchUp();
      this.running.delete(next);
      this.demand = this.running.size === 0 ? 0 : this.demand - next.demand;
      this.planNext();
      next.done();
    });
  }
}
