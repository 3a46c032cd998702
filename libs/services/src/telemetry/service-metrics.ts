import { clipFaults, deadLetterReasons } from '@primatrix/contracts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PartLabels, QueueReadings } from './queue-readings.ts';

const labelNames = ['stage', 'family', 'part', 'version', 'release'] as const;
/** Reasons for which there is no output. Whatever else a family says counts as `other`. */
const failureCodes: ReadonlySet<string> = new Set([...clipFaults, ...deadLetterReasons]);
/** Seconds: from a stacker's table to a long clip on a busy machine. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800];

/** What Prometheus is told of the services of a process. */
export class ServiceMetrics {
  private readonly registry = new Registry();
  private readonly messages = new Counter({
    name: 'primatrix_messages_total',
    help: 'Pieces of work that came to an end: answered, or put aside',
    labelNames,
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'primatrix_stage_seconds',
    help: 'Seconds of one try of a piece of work, its answer included',
    labelNames,
    buckets,
    registers: [this.registry],
  });
  private readonly failures = new Counter({
    name: 'primatrix_failures_total',
    help: 'Pieces of work that ended without output, by reason',
    labelNames: [...labelNames, 'code'] as const,
    registers: [this.registry],
  });
  private readonly lag: Gauge;
  private readonly up: Gauge;
  private readonly retries = new Counter({
    name: 'primatrix_retries_total',
    help: 'Tries that went wrong: the work comes again',
    labelNames,
    registers: [this.registry],
  });

  /** @param connected whether the broker is there */
  constructor(queues: QueueReadings, connected: () => boolean) {
    const registers = [this.registry];
    this.lag = new Gauge({
      name: 'primatrix_consumer_lag',
      help: 'Messages of the queue that wait or are being worked on; absent while the broker does not say',
      labelNames,
      registers,
      async collect() {
        const readings = await queues.read();
        this.reset();
        for (const { labels, waiting } of readings) if (waiting !== undefined) this.set({ ...labels }, waiting);
      },
    });
    this.up = new Gauge({
      name: 'primatrix_broker_up',
      help: 'Whether the process is connected to the broker',
      registers,
      collect() {
        this.set(connected() ? 1 : 0);
      },
    });
  }

  /** Memory, processor time, garbage collection and the event loop of this process too. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Shows a part from its start on: a series that begins with its first failure would hide that one from rates. */
  begin(labels: PartLabels): void {
    this.messages.inc({ ...labels }, 0);
    this.retries.inc({ ...labels }, 0);
    for (const code of deadLetterReasons) this.failures.inc({ ...labels, code }, 0);
  }

  /** @param failure why there is no output; undefined where there is */
  ended(labels: PartLabels, failure: string | undefined): void {
    this.messages.inc({ ...labels });
    if (failure !== undefined) this.failures.inc({ ...labels, code: failureCodes.has(failure) ? failure : 'other' });
  }

  tried(labels: PartLabels, durationMs: number): void {
    this.seconds.observe({ ...labels }, durationMs / 1000);
  }

  retried(labels: PartLabels): void {
    this.retries.inc({ ...labels });
  }

  /** Names, types and labels of all metrics. */
  describe(): {
    readonly name: string;
    readonly type: 'counter' | 'gauge' | 'histogram';
    readonly labels: readonly string[];
  }[] {
    const { messages, seconds, failures, retries, lag, up } = this;
    return [messages, failures, retries, lag, up, seconds].map((metric) => {
      // Not in the library's types.
      const { name, labelNames: labels } = metric as unknown as { name: string; labelNames: string[] };
      return {
        name,
        labels,
        type: metric instanceof Histogram ? 'histogram' : metric instanceof Gauge ? 'gauge' : 'counter',
      };
    });
  }

  /** In Prometheus' text format, and its media type. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }
}
