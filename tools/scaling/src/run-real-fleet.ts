import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamBus } from '@primatrix/messaging';
import { readBundle } from '@primatrix/prediction';
import { Requester, bundleParts, clipQuestion, joinerFamily, openAnswers } from '@primatrix/services';
import { startNatsServer, temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import type { MeasuredClip } from './measured-clips.ts';
import { cpuSecondsOf } from './recorded-part.ts';

export interface RealFleetOptions {
  readonly bundle: string;
  /** Processes a family of the first level; there is one joiner. */
  readonly workers: number;
  readonly clips: readonly MeasuredClip[];
  /** Seconds from the beginning at which each request is made; clips are taken in turn. */
  readonly arrivals: readonly number[];
}

export interface RealFleetResult {
  /** From the first request to the last record. */
  readonly seconds: number;
  /** Of the workers and the joiner. */
  readonly cpuSeconds: number;
  /** Seconds from each clip's request to its record. */
  readonly underWay: readonly number[];
}

/**
 * Has a real fleet, each worker a process of its own, lead clips through the first level. All workers and the joiner share one
 * core, so that each computes with one thread, and what they want of it adds up.
 */
export async function runRealFleet({ bundle, workers, clips, arrivals }: RealFleetOptions): Promise<RealFleetResult> {
  const { manifest, digest } = await readBundle(bundle);
  const first = bundleParts(manifest).filter(
    ({ stage }) => stage === 'ingest' || stage === 'features' || stage === 'nets',
  );
  const families = [joinerFamily, ...new Set(first.map(({ family }) => family))];
  await using folder = await temporaryFolder('primatrix-scaling-');
  await using server = await startNatsServer();
  const processes = families.flatMap((family) =>
    Array.from({ length: family === joinerFamily ? 1 : workers }, () =>
      startWorker(family, bundle, folder.join('store'), server.url),
    ),
  );
  const killOnExit = () => processes.forEach((worker) => worker.kill('SIGKILL'));
  process.once('exit', killOnExit);
  try {
    await Promise.all(processes.map(serves));
    await using bus = await JetStreamBus.connect(server.url);
    await using requester = new Requester(bus, await openAnswers(bus), 'compare', {
      bundle: digest,
      datasetId: 'scaling',
      producer: { name: '@primatrix/scaling', version: '0.1.0', modelDigest: null },
    });
    const ask = async (i: number, round: string) => {
      const { ref, filename } = clips[i % clips.length] as MeasuredClip;
      await requester.ask(clipQuestion(digest, { ref, filename }, { round, i }));
    };
    // Once round all workers, so that their first runs are over.
    await Promise.all(Array.from({ length: 2 * workers }, (_, i) => ask(i, 'warm-up')));
    const cpu = () => processes.reduce((sum, { pid }) => sum + cpuSecondsOf(pid ?? 0), 0);
    const before = cpu();
    const start = performance.now();
    const underWay = await Promise.all(
      arrivals.map(async (at, i) => {
        await sleep(at * 1000);
        const asked = performance.now();
        await ask(i, 'measured');
        return (performance.now() - asked) / 1000;
      }),
    );
    return { seconds: (performance.now() - start) / 1000, cpuSeconds: cpu() - before, underWay };
  } finally {
    await Promise.all(processes.map(end));
    process.removeListener('exit', killOnExit);
  }
}

function startWorker(family: string, bundle: string, store: string, url: string): ChildProcess {
  const program = join(workspaceRoot(), 'apps/primatrix/bin/primatrix.js');
  return spawn(
    'taskset',
    ['--cpu-list', '0', process.execPath, program, 'serve', family, '--bundle', bundle, '--store', store],
    { env: { ...process.env, NATS_URL: url }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

async function serves(worker: ChildProcess): Promise<void> {
  let heard = '';
  const said = new Promise<void>((resolve) =>
    worker.stderr?.on('data', (piece: Buffer) => (heard += piece.toString()).includes('serving ') && resolve()),
  );
  const ended = once(worker, 'exit').then(() => {
    throw new Error(`scaling: a worker ended before it served: ${heard}`);
  });
  ended.catch(() => {});
  await Promise.race([said, ended]);
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
}
