import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { JetStreamBus, messageIdOf } from '@primatrix/messaging';
import { natsServerAvailable, startNatsServer, workspaceRoot } from '@primatrix/testkit';
import type { Message } from '@primatrix/contracts';
import { describe, expect, it, vi } from 'vitest';

const compiled = (name: string) => pathToFileURL(join(workspaceRoot(), `libs/${name}/dist/index.js`)).href;

/** A worker that dies of one clip, as of a decoder that crashes. */
const worker = `
  const { JetStreamBus } = await import(${JSON.stringify(compiled('messaging'))});
  const { startService } = await import(${JSON.stringify(compiled('services'))});
  const [url, poison] = process.argv.slice(1);
  const bus = await JetStreamBus.connect(url);
  const part = { stage: 'nets', family: 'net-one', name: 'net-one', version: '1.0.0', release: '1_0_0-x', modelDigest: null, contract: '', reads: null };
  const work = async ({ clipId }) => { if (clipId === poison) process.kill(process.pid, 'SIGKILL'); return {}; };
  await startService({ part, producer: { name: 'net-one', version: '1.0.0', modelDigest: null }, work, dispose: async () => {} }, { bus, ackWaitMs: 1000, maxDeliver: 3 });
`;

describe.skipIf(!natsServerAvailable())('a clip that kills whoever works on it', () => {
  it('ends in the dead letter after its tries, and all others are done', async () => {
    expect(existsSync(new URL(compiled('services')))).toBe(true);
    await using server = await startNatsServer();
    await using bus = await JetStreamBus.connect(server.url);
    const idOf = (n: number) => n.toString(16).padStart(64, '0');
    const requestOf = (n: number): Message => ({
      schemaVersion: 1,
      id: messageIdOf({ stage: 'nets', family: 'net-one', event: 'requested', inputs: n, settings: null }),
      stage: 'nets',
      family: 'net-one',
      event: 'requested',
      release: '1_0_0-x',
      datasetId: 'test',
      clipId: idOf(n),
      producer: { name: 'test', version: '1.0.0', modelDigest: null },
      payload: { tensors: {}, files: {} },
      failure: null,
      timings: {},
    });
    const answered: Record<'ready' | 'failed', string[]> = { ready: [], failed: [] };
    for (const event of ['ready', 'failed'] as const) {
      await bus.consume({ filter: { stage: 'nets', family: 'net-one', event }, durable: event }, async (message) => {
        answered[event].push(message.clipId ?? '');
        if (event === 'failed') expect(message.failure?.code).toBe('unanswered');
      });
    }
    // The poison is the first of all.
    for (let n = 0; n < 30; n++) await bus.publish(requestOf(n));

    let deaths = 0;
    const running = new Set<ChildProcess>();
    let over = false;
    const keepAlive = async () => {
      while (!over) {
        const child = spawn(process.execPath, ['--input-type=module', '-e', worker, server.url, idOf(0)], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        running.add(child);
        await once(child, 'exit');
        running.delete(child);
        deaths += over ? 0 : 1;
      }
    };
    const workers = [keepAlive(), keepAlive()];
    try {
      await vi.waitUntil(() => answered.ready.length === 29 && answered.failed.length === 1, {
        timeout: 60_000,
        interval: 50,
      });
    } finally {
      over = true;
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(workers);
    }
    expect(answered.failed).toEqual([idOf(0)]);
    expect(new Set(answered.ready).size).toBe(29);
    expect(deaths).toBe(3);
    expect(await bus.deadLetters()).toMatchObject([{ reason: 'unanswered', clipId: idOf(0), deliveries: 3 }]);
  });
});
