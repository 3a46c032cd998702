import { BusError, closedError } from './bus-error.ts';
import type { Consumption } from './bus.ts';

/** What both buses must end in order: consumers, then publishes, then the bus itself. */
export class Lifecycle {
  private readonly consumptions = new Set<Consumption>();
  private readonly publishing = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;
  private over = false;

  /**
   * Asked before each publication. Handlers that finish during the closing may still publish.
   * @throws when nothing more may be published
   */
  checkPublish(): void {
    if (this.over) throw closedError();
  }

  checkConsume(): void {
    if (this.closing !== undefined) throw closedError();
  }

  /** Lets closing wait for a publish. */
  async track<T>(publish: Promise<T>): Promise<T> {
    this.publishing.add(publish);
    try {
      return await publish;
    } finally {
      this.publishing.delete(publish);
    }
  }

  /**
   * A consumption that ends once.
   * @param finish stops taking messages and waits for handlers; returns how many it gave up
   * @returns also `fail`, which ends it with an error
   */
  adopt(
    durable: string,
    graceMs: number,
    waiting: Consumption['waiting'],
    finish: () => Promise<number>,
  ): { consumption: Consumption; fail: (error: BusError) => void } {
    let settle: { end: () => void; fail: (error: BusError) => void } = { end: () => {}, fail: () => {} };
    const ended = new Promise<void>((resolve, reject) => (settle = { end: resolve, fail: reject }));
    // Whoever does not look at `ended` must not crash by it.
    ended.catch(() => {});
    const stop = async () => {
      this.consumptions.delete(consumption);
      const unfinished = await finish();
      settle.end();
      if (unfinished > 0) {
        throw new BusError(
          'BUS_TIMEOUT',
          `${durable}: ${unfinished} handlers went on for more than ${graceMs} ms; their messages will come again`,
          {
            fields: { durable, unfinished },
          },
        );
      }
    };
    let stopping: Promise<void> | undefined;
    const consumption: Consumption = { durable, waiting, ended, stop: () => (stopping ??= stop()) };
    this.consumptions.add(consumption);
    return { consumption, fail: settle.fail };
  }

  /** Ends everything, `disconnect` last; once. */
  close(disconnect: () => Promise<void>): Promise<void> {
    return (this.closing ??= this.end(disconnect));
  }

  private async end(disconnect: () => Promise<void>): Promise<void> {
    const stops = await Promise.allSettled([...this.consumptions].map((consumption) => consumption.stop()));
    await Promise.allSettled(this.publishing);
    this.over = true;
    await disconnect();
    const failed = stops.find((stop) => stop.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
