import type { Consumption } from '@primatrix/messaging';

/** What metrics of work are told apart by. All are fixed for a process: series do not grow with what is worked on. */
export interface PartLabels {
  readonly stage: string;
  readonly family: string;
  /** Its name within the bundle. */
  readonly part: string;
  readonly version: string;
  readonly release: string;
}

/** How much waits in one queue; undefined where the broker does not say. */
export interface QueueReading {
  readonly labels: PartLabels;
  readonly durable: string;
  readonly waiting: number | undefined;
}

/** The broker is asked so often at most, however many want to know, milliseconds. */
const freshMs = 1_000;
/** How long it may take to say so, milliseconds. */
const limitMs = 1_000;

/** The queues that a process takes work from. Reading them never takes much longer than a second, and never throws. */
export class QueueReadings {
  private readonly queues: { readonly labels: PartLabels; readonly consumption: Consumption }[] = [];
  private last: { readonly at: number; readonly readings: Promise<QueueReading[]> } | undefined;

  add(labels: PartLabels, consumption: Consumption): void {
    this.queues.push({ labels, consumption });
    this.last = undefined;
  }

  read(): Promise<readonly QueueReading[]> {
    if (this.last === undefined || performance.now() - this.last.at > freshMs) {
      const reading = async ({ labels, consumption }: (typeof this.queues)[number]): Promise<QueueReading> => ({
        labels,
        durable: consumption.durable,
        waiting: await consumption.waiting(limitMs).catch(() => undefined),
      });
      this.last = { at: performance.now(), readings: Promise.all(this.queues.map(reading)) };
    }
    return this.last.readings;
  }
}
