import { natsServerAvailable, startNatsServer } from '@primatrix/testkit';
import type { NatsServer } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { announce, announcedServices, JetStreamBus, Records } from './index.ts';

interface Count {
  readonly n: number;
}

describe.skipIf(!natsServerAvailable())('on a server of its own', () => {
  let server: NatsServer;
  let bus: JetStreamBus;
  beforeAll(async () => {
    server = await startNatsServer();
    bus = await JetStreamBus.connect(server.url);
  });
  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  describe('Records', () => {
    const open = () => Records.open<Count>(bus.connection, 'counts', { ttlMs: 60_000 });

    it('lets one of two writers through, and keeps what is written over a restart of the server', async () => {
      const records = await open();
      expect(await Promise.all([records.create('a.x', { n: 1 }), records.create('a.x', { n: 2 })])).toContain(
        undefined,
      );
      const entry = await records.get('a.x');
      if (entry === undefined) throw new Error('must be there');
      const written = await records.update({ ...entry, value: { n: 3 } });
      expect(written).toEqual({ key: 'a.x', value: { n: 3 }, revision: expect.any(Number) as number });
      expect(await records.update({ ...entry, value: { n: 4 } })).toBeUndefined();
      expect(await records.get('a.x')).toEqual(written);
      await server.kill();
      const read = records.get('a.x');
      await server.restart();
      expect((await read)?.value).toEqual({ n: 3 });
      await records.remove('a.x');
      expect(await records.get('a.x')).toBeUndefined();
      expect(await records.create('a.x', { n: 5 })).toMatchObject({ value: { n: 5 } });
      expect(await records.update({ ...entry, value: { n: 6 } })).toBeUndefined();
    });

    it('watches what matches: what is there and what comes, over a restart of the server', async () => {
      const records = await open();
      await records.create('b.x', { n: 1 });
      await records.create('c.x', { n: 2 });
      const seen: string[] = [];
      const stop = new AbortController();
      const watching = records.watch('b.*', ({ key, value }) => seen.push(`${key} ${value.n}`), stop.signal);
      await vi.waitUntil(() => seen.length === 1, { timeout: 10_000 });
      await records.remove('b.x');
      await records.create('b.x', { n: 2 });
      await vi.waitUntil(() => seen.includes('b.x 2'), { timeout: 10_000 });
      await server.restart();
      await records.create('b.y', { n: 3 });
      await vi.waitUntil(() => seen.includes('b.y 3'), { timeout: 20_000 });
      expect(await records.keys('b.>')).toEqual(['b.x', 'b.y']);
      stop.abort();
      await watching;
    });
  });

  it('announces a service until it is withdrawn', async () => {
    const announcement = { name: 'net-vgg16-gru', version: '1.3.0', description: 'a net', metadata: { release: 'x' } };
    const announced = await announce(bus.connection, announcement, () => ({ handled: 3 }));
    expect(await announcedServices(bus.connection)).toEqual([announcement]);
    const health = await bus.connection.request('primatrix.v1.health.net-vgg16-gru');
    expect(health.json()).toEqual({ handled: 3 });
    await expect(announce(bus.connection, { ...announcement, version: 'newest' }, () => ({}))).rejects.toThrow(
      'newest',
    );
    await announced.stop();
    expect(await announcedServices(bus.connection)).toEqual([]);
  });
});
