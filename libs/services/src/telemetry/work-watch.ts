import type { Message } from '@primatrix/contracts';
import type { Consumption, DeliveryEnd } from '@primatrix/messaging';
import { traceIdOf, type Log, type LogFields, type TraceContext } from '@primatrix/telemetry';
import type { PartLabels, QueueReadings } from './queue-readings.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** How a piece of work was answered. */
export interface Answered {
  readonly failure: Message['failure'] | undefined;
  readonly trace: TraceContext | undefined;
  readonly attempt?: number;
  readonly durationMs?: number;
}

/** Where all parts of a process leave what is to be known of their work. */
export interface WorkRecords {
  readonly log: Log;
  readonly queues: QueueReadings;
  readonly metrics: ServiceMetrics;
}

/** The watch over the work of one part: counts it and writes one line about each piece. */
export class WorkWatch {
  private readonly all: WorkRecords;
  private readonly labels: PartLabels;

  constructor(all: WorkRecords, labels: PartLabels) {
    this.all = all;
    this.labels = labels;
    all.metrics.begin(labels);
  }

  /** The part takes work from this queue now. */
  takesFrom(consumption: Consumption): void {
    this.all.queues.add(this.labels, consumption);
  }

  /** A piece of work got its answer: an output, or the word that there is none. */
  answered(work: Pick<Message, 'id' | 'clipId'>, { failure, trace, attempt, durationMs }: Answered): void {
    this.all.metrics.ended(this.labels, failure?.code);
    const outcome = failure == null ? 'ready' : 'failed';
    this.all.log.info(`${outcome} ${this.labels.part}`, {
      ...this.facts(work, trace),
      outcome,
      attempt,
      durationMs: rounded(durationMs),
      code: failure?.code,
      reason: failure?.message,
    });
  }

  /** One delivery ended. Of those that are done, {@link answered} tells. */
  delivered({ kind, reason, detail, attempt, durationMs, message, trace }: DeliveryEnd): void {
    const { metrics, log } = this.all;
    // Nobody worked on what was no message, or was put aside for never having been answered.
    if (reason === undefined || reason === 'failed') metrics.tried(this.labels, durationMs);
    if (kind === 'done') return;
    const facts = {
      ...this.facts(message, trace),
      outcome: kind,
      attempt,
      durationMs: rounded(durationMs),
      code: reason,
      reason: detail,
    };
    if (kind === 'dead') {
      metrics.ended(this.labels, reason ?? 'failed');
      log.error(`dead letter ${this.labels.part}`, facts);
    } else {
      metrics.retried(this.labels);
      log.warn(`again ${this.labels.part}`, facts);
    }
  }

  private facts(work: Pick<Message, 'id' | 'clipId'> | undefined, trace: TraceContext | undefined): LogFields {
    const { stage, family, part, release, version } = this.labels;
    return {
      clipId: work?.clipId,
      messageId: work?.id,
      stage,
      family,
      part,
      release,
      version,
      traceId: trace === undefined ? undefined : traceIdOf(trace),
    };
  }
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 10) / 10;
}
