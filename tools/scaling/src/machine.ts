import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { Measurements } from './measurements.ts';

/** What figures were measured on; the load is that of the last minute. */
export function describeMachine(): Measurements['machine'] {
  const broker = execFileSync('nats-server', ['--version'], { encoding: 'utf8' }).trim();
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.version,
    broker,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
