import type { QueueReadings } from './queue-readings.ts';

/** Something that a process lacks to be of use. */
export interface Lack {
  readonly what: string;
  readonly why: string;
}

/** Whether a process can do what it was started for: a broker, its parts opened, their queues there; not on its way out. */
export class Readiness {
  private readonly queues: QueueReadings;
  private readonly connected: () => boolean;
  private readonly expected = new Set<string>();
  private draining = false;

  constructor(queues: QueueReadings, connected: () => boolean) {
    this.queues = queues;
    this.connected = connected;
  }

  /** Names parts that are going to be served. */
  expect(names: Iterable<string>): void {
    for (const name of names) this.expected.add(name);
  }

  /** A part is opened and takes work. */
  serves(name: string): void {
    this.expected.delete(name);
  }

  /** No more work is taken. */
  drain(): void {
    this.draining = true;
  }

  /** What is missing; nothing when it is ready. */
  async lacks(): Promise<Lack[]> {
    if (this.draining) return [{ what: 'service', why: 'it is being stopped' }];
    const opening = [...this.expected].map((name): Lack => ({ what: `part ${name}`, why: 'it is not opened yet' }));
    if (!this.connected()) return [{ what: 'broker', why: 'there is no connection' }, ...opening];
    const silent = (await this.queues.read()).filter(({ waiting }) => waiting === undefined);
    return [
      ...opening,
      ...silent.map(({ durable }): Lack => ({
        what: `queue ${durable}`,
        why: 'the broker does not know it, or does not answer',
      })),
    ];
  }
}
