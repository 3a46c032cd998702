import type { ConsumeSettings, Handler } from './bus.ts';
import { handleDelivery } from './delivery.ts';
import type { Delivery } from './delivery.ts';

/** Runs up to `concurrency` handlers of one consumer at once and waits for them in the end. */
export class HandlerPool {
  readonly settings: ConsumeSettings;
  private readonly handler: Handler;
  private readonly onFree: () => void;
  private readonly running = new Set<Promise<void>>();
  /** What gives up each handler that runs. A set and not a signal, whose listeners cost more the more there are. */
  private readonly giveUp = new Set<() => void>();

  /** @param onFree called each time a place becomes free */
  constructor(settings: ConsumeSettings, handler: Handler, onFree: () => void) {
    this.settings = settings;
    this.handler = handler;
    this.onFree = onFree;
  }

  /** How many more messages may be handled now. */
  get free(): number {
    return this.settings.concurrency - this.running.size;
  }

  start(delivery: Delivery): void {
    const work = handleDelivery(delivery, this.settings, this.handler, this.giveUp).finally(() => {
      this.running.delete(work);
      this.onFree();
    });
    this.running.add(work);
  }

  /** Waits for the running handlers, then gives up those that go on past the grace period; returns how many. */
  async finish(graceMs: number): Promise<number> {
    await withDeadline(Promise.all(this.running), graceMs);
    const unfinished = this.running.size;
    for (const giveUp of this.giveUp) giveUp();
    await Promise.all(this.running);
    return unfinished;
  }
}

/** The promise's value, or undefined when it takes longer. */
export async function withDeadline<T>(work: Promise<T>, limitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
