import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { startNatsServer, type NatsServer } from './nats-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Real `nats-server` processes that keep each other's messages, on ports and in folders of their own. */
export interface NatsCluster extends AsyncDisposable {
  /** Of all of them, as NATS_URL takes it. */
  readonly url: string;
  readonly servers: readonly NatsServer[];
  /** Waits until all of them are there, have a leader and have caught up with it. */
  settled(): Promise<void>;
}

const settledWithinMs = 60_000;

/** Starts so many servers, and waits until they have a leader. */
export async function startNatsCluster(count: number): Promise<NatsCluster> {
  const folder = await temporaryFolder('primatrix-cluster-');
  const found = new Set<number>();
  while (found.size < 2 * count) found.add(await freePort());
  const [ports, monitors] = [[...found].slice(0, count), [...found].slice(count)];
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`);
  const started = await Promise.allSettled(
    ports.map(async (port, i) => {
      const file = folder.join(`server-${i}.conf`);
      await writeFile(
        file,
        [
          `server_name: server-${i}`,
          `http: "127.0.0.1:${monitors[i]}"`,
          `jetstream { store_dir: ${JSON.stringify(folder.join(`store-${i}`))} }`,
          `cluster { name: primatrix, listen: "127.0.0.1:${port}", routes: ${JSON.stringify(routes)} }`,
        ].join('\n'),
      );
      return startNatsServer({ file, env: {} });
    }),
  );
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await folder.remove();
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const settled = async () => {
    const deadline = performance.now() + settledWithinMs;
    for (const port of monitors) {
      while (!(await isHealthy(port))) {
        if (performance.now() > deadline) {
          throw new Error(`testkit: the cluster did not settle (monitoring port ${port})`);
        }
        await sleep(100);
      }
    }
  };
  try {
    await settled();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: servers.map(({ url }) => url).join(','), servers, settled, [Symbol.asyncDispose]: stop };
}

/** Whether a server says of itself that JetStream's streams and consumers are as its leader has them. */
async function isHealthy(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  );
  return answer?.ok === true;
}
