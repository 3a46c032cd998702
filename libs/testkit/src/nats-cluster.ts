import { writeFile } from 'node:fs/promises';
import { freePort } from './free-port.ts';
import { startNatsServer, type NatsServer } from './nats-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Real `nats-server` processes that keep each other's messages, on ports and in folders of their own. */
export interface NatsCluster extends AsyncDisposable {
  /** Of all of them, as NATS_URL takes it. */
  readonly url: string;
  readonly servers: readonly NatsServer[];
}

/** Starts so many servers; they may still be choosing who leads when it resolves. */
export async function startNatsCluster(count: number): Promise<NatsCluster> {
  const folder = await temporaryFolder('primatrix-cluster-');
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  const routes = [...ports].map((port) => `nats://127.0.0.1:${port}`);
  const started = await Promise.allSettled(
    [...ports].map(async (port, i) => {
      const file = folder.join(`server-${i}.conf`);
      await writeFile(
        file,
        [
          `server_name: server-${i}`,
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
  return { url: servers.map(({ url }) => url).join(','), servers, [Symbol.asyncDispose]: stop };
}
