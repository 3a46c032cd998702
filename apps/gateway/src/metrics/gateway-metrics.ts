import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ReviewProject } from '../project/review-project.ts';

const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** One request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** As routes name it, `/api/clips/:id`: addresses themselves name clips. Undefined where there is no such route. */
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
}

/** What Prometheus is told of the gateway: numbers alone, and of clips only how many there are. */
export class GatewayMetrics {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'primatrix_http_requests_total',
    help: 'Requests that were answered',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'primatrix_http_request_seconds',
    help: 'Seconds from a request to the end of its answer',
    labelNames: ['method', 'route'] as const,
    buckets,
    registers: [this.registry],
  });

  constructor(project: Pick<ReviewProject, 'progress'>) {
    new Gauge({
      name: 'primatrix_clips',
      help: 'Clips of the project: all, those that wait for the nets, those that failed',
      labelNames: ['state'] as const,
      registers: [this.registry],
      collect() {
        const { total, done, failed } = project.progress();
        this.set({ state: 'all' }, total);
        this.set({ state: 'waiting' }, total - done);
        this.set({ state: 'failed' }, failed);
      },
    });
  }

  answered({ method, route = 'none', status, durationMs }: AnsweredRequest): void {
    this.requests.inc({ method, route, status });
    this.seconds.observe({ method, route }, durationMs / 1000);
  }

  /** In Prometheus' text format, and its media type. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }
}
