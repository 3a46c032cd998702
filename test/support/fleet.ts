import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamBus } from '@primatrix/messaging';
import { startNatsCluster, startNatsServer, temporaryFolder, type NatsServer } from '@primatrix/testkit';
import type { DeadLetter } from '@primatrix/contracts';
import { start } from './primatrix.ts';

export interface FleetOptions {
  /** Trainers need none. */
  readonly bundle?: string;
  /** Families of each worker, a process each; `--all` for all of them. */
  readonly workers: readonly (readonly string[])[];
  readonly options?: readonly string[];
  /** Brokers, 1 by default; more are a cluster that keeps a copy each. */
  readonly brokers?: number;
  /** Further environment of the workers. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Services of a bundle as processes of their own, with a broker and a store of their own. */
export interface Fleet extends AsyncDisposable {
  /** The first of the brokers, and all of them. */
  readonly server: NatsServer;
  readonly servers: readonly NatsServer[];
  /** Waits until all brokers of a cluster are there and have caught up. */
  settled(): Promise<void>;
  /** Options and environment of a command that is to meet them. */
  readonly store: string;
  readonly env: Readonly<Record<string, string>>;
  /** Waits until these workers serve; by default all. */
  ready(workers?: readonly number[]): Promise<void>;
  /** Ends the worker with this process id with kill -9; none takes its place. */
  kill(pid: number): Promise<void>;
  /** Ends one worker with kill -9, and starts another in its place. */
  replace(worker: number): Promise<void>;
  /** Ends one worker with SIGTERM, and says how it ended. */
  stop(worker: number): Promise<number | null>;
  /** Ends all workers with SIGTERM, and says how each ended. */
  drain(): Promise<(number | null)[]>;
  deadLetters(): Promise<DeadLetter[]>;
}

/** Starts a broker, then the workers; they may still be on their way up when it resolves. */
export async function startFleet({
  bundle,
  workers,
  brokers = 1,
  options = [],
  env: more = {},
}: FleetOptions): Promise<Fleet> {
  const folder = await temporaryFolder('primatrix-fleet-');
  const cluster = brokers > 1 ? await startNatsCluster(brokers) : undefined;
  const servers = cluster?.servers ?? [await startNatsServer()];
  const [server] = servers as [NatsServer];
  const store = folder.join('store');
  const env =
    cluster === undefined ? { NATS_URL: server.url } : { NATS_URL: cluster.url, PRIMATRIX_REPLICAS: `${brokers}` };
  const begin = (families: readonly string[]) => {
    const served = bundle === undefined ? [] : ['--bundle', bundle];
    const worker = start(['serve', ...families, ...served, '--store', store, ...options], {
      env: { ...more, ...env },
    });
    return { ...worker, serves: worker.says('serving ') };
  };
  const running = workers.map(begin);
  const stopAll = async (signal: NodeJS.Signals) => {
    for (const worker of running) worker.kill(signal);
    return Promise.all(running.map(({ ended }) => ended));
  };
  return {
    server,
    servers,
    settled: async () => cluster?.settled(),
    store,
    env,
    ready: async (these = [...workers.keys()]) =>
      void (await Promise.all(these.map((worker) => running[worker]?.serves))),
    async kill(pid) {
      const worker = running.find((candidate) => candidate.pid === pid);
      if (worker === undefined) throw new Error(`fleet: no worker has the process id ${pid}`);
      worker.kill('SIGKILL');
      await worker.ended;
    },
    async replace(worker) {
      running[worker]?.kill('SIGKILL');
      await running[worker]?.ended;
      running[worker] = begin(workers[worker] ?? []);
    },
    async stop(worker) {
      running[worker]?.kill('SIGTERM');
      return (await running[worker]?.ended)?.status ?? null;
    },
    async drain() {
      // A worker that is still on its way up does not listen yet: the signal would end it as it ends any process.
      await Promise.allSettled(running.map(({ serves, ended }) => Promise.race([serves, ended])));
      return (await stopAll('SIGTERM')).map(({ status }) => status);
    },
    async deadLetters() {
      await using bus = await JetStreamBus.connect(env.NATS_URL);
      return await bus.deadLetters();
    },
    async [Symbol.asyncDispose]() {
      await stopAll('SIGKILL');
      await (cluster === undefined ? server.stop() : cluster[Symbol.asyncDispose]());
      await folder.remove();
    },
  };
}

export interface Storm {
  readonly killEveryMs: number;
  /** The broker is killed and restarted after so many kills of workers. */
  readonly restartAfter: number;
}

/**
 * Kills one worker after the other until `work` is done, and the broker once; returns how many workers were killed.
 * Workers come in pairs that serve the same: one of a pair is killed while both serve.
 */
export async function storm<T>(
  fleet: Fleet,
  workers: number,
  { killEveryMs, restartAfter }: Storm,
  work: Promise<T>,
): Promise<{ result: T; kills: number }> {
  const over = new AbortController();
  const aborted = once(over.signal, 'abort');
  let kills = 0;
  const killing = (async () => {
    while (!over.signal.aborted) {
      const worker = kills % workers;
      await Promise.race([fleet.ready([worker, worker ^ 1]).then(() => sleep(kills === 0 ? 0 : killEveryMs)), aborted]);
      if (over.signal.aborted) return;
      await fleet.replace(worker);
      kills += 1;
      if (kills === restartAfter) {
        // A worker that loses its broker between connecting and serving may end and say so: it is for whatever supervises it to start it again.
        await fleet.ready();
        await fleet.server.kill();
        await fleet.server.restart();
      }
    }
  })();
  try {
    const result = await work;
    return { result, kills };
  } finally {
    over.abort();
    await killing;
  }
}
