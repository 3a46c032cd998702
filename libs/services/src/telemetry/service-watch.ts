import type { JetStreamBus } from '@primatrix/messaging';
import type { Log } from '@primatrix/telemetry';
import { QueueReadings, type PartLabels } from './queue-readings.ts';
import { Readiness } from './readiness.ts';
import { ServiceMetrics } from './service-metrics.ts';
import { WorkWatch, type WorkRecords } from './work-watch.ts';

/** What is watched of all services of a process. */
export class ServiceWatch implements WorkRecords {
  readonly log: Log;
  readonly queues = new QueueReadings();
  readonly readiness: Readiness;
  readonly metrics: ServiceMetrics;
  private bus: Pick<JetStreamBus, 'connected'> | undefined;

  constructor(log: Log) {
    this.log = log;
    const connected = () => this.bus?.connected ?? false;
    this.readiness = new Readiness(this.queues, connected);
    this.metrics = new ServiceMetrics(this.queues, connected);
  }

  /** There is a broker, from now on. */
  follow(bus: Pick<JetStreamBus, 'connected'>): void {
    this.bus = bus;
  }

  /** The watch over one part. */
  of(labels: PartLabels): WorkWatch {
    return new WorkWatch(this, labels);
  }
}
