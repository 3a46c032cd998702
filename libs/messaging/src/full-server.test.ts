import { writeFile } from 'node:fs/promises';
import { jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { natsServerAvailable, startNatsServer, temporaryFolder, type NatsServer } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JetStreamBus, Records } from './index.ts';
import { messageOf } from './message.fixture.ts';

describe.skipIf(!natsServerAvailable())('a server that is full', () => {
  let server: NatsServer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
    const file = folder.join('nats.conf');
    await writeFile(file, `jetstream { store_dir: "${folder.join('store')}", max_file_store: 2MB }\n`);
    server = await startNatsServer({ file, env: {} });
  });
  afterEach(async () => {
    await server.stop();
    await folder.remove();
  });

  /** Fills the server with work of somebody else. */
  async function fill(bus: JetStreamBus): Promise<void> {
    const client = jetstream(bus.connection);
    const manager = await jetstreamManager(bus.connection);
    await manager.streams.add({ name: 'OTHERS', subjects: ['others'], storage: StorageType.File });
    try {
      for (;;) await client.publish('others', new Uint8Array(10_000));
    } catch (error) {
      expect(String(error)).toContain('insufficient resources');
    }
  }

  it('is named when its time is over, and told of while it is waited for', async () => {
    const told: string[] = [];
    await using bus = await JetStreamBus.connect(server.url, {
      publishTimeoutMs: 1500,
      onWait: (reason) => told.push(reason),
    });
    const records = await Records.open<number>(bus.connection, 'answers', { ttlMs: 60_000 });
    expect(await records.noRoom()).toBe(undefined);
    await fill(bus);
    await expect(bus.publish(messageOf(1))).rejects.toMatchObject({
      code: 'BUS_STORAGE',
      message:
        'messaging: publish: primatrix.v1.features.vgg16.requested: NATS has no room to keep it: insufficient resources',
      hint: expect.stringContaining('max_file_store') as string,
    });
    expect(told).toEqual(['NATS takes nothing more (insufficient resources): waiting for room']);
    expect(await records.noRoom()).toMatchObject({ code: 'BUS_STORAGE' });
    // Once somebody has made room it goes on.
    const sent = bus.publish(messageOf(2));
    await (await jetstreamManager(bus.connection)).streams.purge('OTHERS');
    expect(await sent).toEqual({ duplicate: false });
    expect(await records.noRoom()).toBe(undefined);
  });

  it('is told from a queue that is full, and a stream in bytes from one in messages', async () => {
    await using bus = await JetStreamBus.connect(server.url, { publishTimeoutMs: 300, capacity: 2 });
    await bus.publish(messageOf(1));
    await bus.publish(messageOf(2));
    await expect(bus.publish(messageOf(3))).rejects.toMatchObject({ code: 'BUS_FULL' });
    const manager = await jetstreamManager(bus.connection);
    await manager.streams.purge('PRIMATRIX_V1_WORK');
    await manager.streams.update('PRIMATRIX_V1_WORK', { max_bytes: 5000 });
    await expect(
      bus.publish(messageOf(4, { payload: { tensors: {}, files: {}, text: 'x'.repeat(6000) } })),
    ).rejects.toMatchObject({
      code: 'BUS_STORAGE',
      message: expect.stringContaining('maximum bytes exceeded') as string,
    });
  });

  it('is told from one whose JetStream has gone, as it does where the disk is full', async () => {
    await using bus = await JetStreamBus.connect(server.url, { publishTimeoutMs: 3000 });
    await bus.publish(messageOf(1));
    await writeFile(folder.join('nats.conf'), '');
    await server.restart();
    await expect(bus.publish(messageOf(2))).rejects.toMatchObject({
      code: 'BUS_TIMEOUT',
      message: expect.stringContaining('the server runs, but its JetStream did not answer within 3000 ms') as string,
      hint: expect.stringContaining('where its disk is full') as string,
    });
  });
});
