import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { natsServerAvailable, startNatsCluster, startNatsServer } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { JetStreamBus, Records, type BusOptions } from './index.ts';
import { messageOf, parts } from './message.fixture.ts';

async function replicasOf(bus: JetStreamBus): Promise<Record<string, number>> {
  const manager = await jetstreamManager(bus.connection);
  const found: Record<string, number> = {};
  for await (const { config } of manager.streams.list()) found[config.name] = config.num_replicas;
  return found;
}

it.skipIf(!natsServerAvailable())(
  'loses nothing while each of three servers is killed and started again',
  async () => {
    await using cluster = await startNatsCluster(3);
    await using bus = await JetStreamBus.connect(cluster.url, { replicas: 3 });
    const records = await Records.open<number>(bus.connection, 'states', { ttlMs: 600_000, replicas: bus.replicas });
    expect(new Set(Object.values(await replicasOf(bus)))).toEqual(new Set([3]));

    const handled = new Map<number, number>();
    await bus.consume(
      { filter: parts, durable: 'features-vgg16', ackWaitMs: 2_000, backoffMs: [100] },
      async (message) => {
        const { n } = message.timings as { n: number };
        await records.put(`row.${n}`, n);
        handled.set(n, (handled.get(n) ?? 0) + 1);
      },
    );
    let sent = 0;
    let over = false;
    const publishing = (async () => {
      while (!over) {
        await bus.publish(messageOf(sent));
        sent += 1;
        await sleep(20);
      }
    })();
    for (const server of cluster.servers) {
      await server.kill();
      const before = sent;
      await expect.poll(() => sent, { timeout: 30_000 }).toBeGreaterThan(before + 5);
      await server.restart();
      await cluster.settled();
    }
    over = true;
    await publishing;
    await expect.poll(() => handled.size, { timeout: 30_000 }).toBe(sent);
    expect((await records.keys('row.*')).sort()).toEqual(Array.from({ length: sent }, (_, n) => `row.${n}`).sort());
    expect(await bus.deadLetters()).toEqual([]);
  },
  120_000,
);

it.skipIf(!natsServerAvailable())(
  'gives what is there the replicas that are asked for, and leaves it where nobody asks',
  async () => {
    await using cluster = await startNatsCluster(3);
    const has = async (options: BusOptions, replicas: number) => {
      await using bus = await JetStreamBus.connect(cluster.url, options);
      await Records.open(bus.connection, 'states', { ttlMs: 600_000, replicas: bus.replicas });
      // While a stream moves, it may be missing from a list.
      await expect
        .poll(async () => Object.values(await replicasOf(bus)), { timeout: 20_000 })
        .toEqual([replicas, replicas, replicas, replicas]);
    };
    await has({}, 1);
    await has({ replicas: 3 }, 3);
    await has({}, 3);
  },
  60_000,
);

it.skipIf(!natsServerAvailable())('says that one server keeps no copies, and what is wrong with a list', async () => {
  await using server = await startNatsServer();
  await expect(JetStreamBus.connect(server.url, { replicas: 3 })).rejects.toMatchObject({
    code: 'BUS_REFUSED',
    message: expect.stringContaining('replicas > 1 not supported') as string,
  });
  // Any that answers will do, and the scheme of the first is that of all.
  await using bus = await JetStreamBus.connect(`nats://127.0.0.1:1, 127.0.0.1:${server.port}`);
  expect(bus.connected).toBe(true);
  await expect(JetStreamBus.connect('nats://a:b@127.0.0.1:1,nats://c:d@127.0.0.1:2')).rejects.toMatchObject({
    code: 'BUS_OPTION',
  });
});
