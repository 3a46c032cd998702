import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePort, natsServerAvailable, startNatsServer } from '@primatrix/testkit';
import type { NatsServer } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { measureThroughput } from './bench.ts';
import { InProcessBus, JetStreamBus, openBus } from './index.ts';
import { messageOf, parts } from './message.fixture.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 20 });

/** The compiled package, which a process of its own can load; `npm test` makes it first. */
const compiled = new URL('../dist/index.js', import.meta.url);

afterEach(() => vi.unstubAllEnvs());

describe('openBus', () => {
  it('stays in the process unless NATS_URL names a server', async () => {
    vi.stubEnv('NATS_URL', '');
    await using bus = await openBus();
    expect(bus).toBeInstanceOf(InProcessBus);
  });

  it('says what to do when no server answers', async () => {
    const port = await freePort();
    vi.stubEnv('NATS_URL', `nats://user:secret@127.0.0.1:${port}`);
    const error: unknown = await openBus().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'BUS_UNREACHABLE',
      message: `messaging: NATS not reachable at nats://127.0.0.1:${port}`,
      hint: 'start one or unset NATS_URL',
    });
    await expect(openBus({ url: 'nats://[' })).rejects.toMatchObject({ code: 'BUS_OPTION' });
  });
});

describe.skipIf(!natsServerAvailable())('JetStreamBus with a server of its own', () => {
  let server: NatsServer;
  beforeEach(async () => {
    server = await startNatsServer();
  });
  afterEach(() => server.stop());

  const options = {
    filter: parts,
    durable: 'worker',
    concurrency: 4,
    ackWaitMs: 1_000,
    backoffMs: [0],
    maxDeliver: 20,
  };

  it('is what openBus gives where NATS_URL names it', async () => {
    vi.stubEnv('NATS_URL', server.url);
    await using bus = await openBus();
    expect(bus).toBeInstanceOf(JetStreamBus);
  });

  it('loses nothing when the server is killed and comes back, twice', async () => {
    await using publisher = await JetStreamBus.connect(server.url);
    await using consumer = await JetStreamBus.connect(server.url);
    const got = new Set<number>();
    await consumer.consume(options, async (message) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      got.add(message.timings['n'] as number);
    });
    const count = 300;
    const published = (async () => {
      for (const n of upTo(count)) await publisher.publish(messageOf(n));
    })();
    for (const share of [50, 150]) {
      await until(() => got.size >= share);
      await server.kill();
      await server.restart();
    }
    await published;
    await until(() => got.size === count);
    expect([...got].sort((a, b) => a - b)).toEqual(upTo(count));
    expect(await consumer.deadLetters()).toEqual([]);
  });

  it('fails a publish in time while there is no server', async () => {
    await using bus = await JetStreamBus.connect(server.url, { publishTimeoutMs: 300 });
    await server.kill();
    await expect(bus.publish(messageOf(1))).rejects.toMatchObject({ code: 'BUS_TIMEOUT' });
  });

  it('keeps work of a closed bus for the next one', async () => {
    const got: number[] = [];
    {
      await using bus = await JetStreamBus.connect(server.url);
      await bus.consume(options, async () => {});
    }
    {
      await using bus = await JetStreamBus.connect(server.url);
      for (const n of upTo(3)) await bus.publish(messageOf(n));
    }
    await using bus = await JetStreamBus.connect(server.url);
    await bus.consume(options, async (message) => void got.push(message.timings['n'] as number));
    await until(() => got.length === 3);
    expect(got).toEqual([0, 1, 2]);
  });

  it('makes its durable again when somebody removed it', async () => {
    const connection = await connect({ servers: server.url });
    try {
      await using bus = await JetStreamBus.connect(server.url);
      const got: number[] = [];
      await bus.consume(options, async (message) => void got.push(message.timings['n'] as number));
      const manager = await jetstreamManager(connection);
      await manager.consumers.delete('PRIMATRIX_V1_WORK', 'worker');
      await bus.publish(messageOf(1));
      await until(() => got.length === 1);
    } finally {
      await connection.close();
    }
  });

  it('says so when its durable now belongs to somebody else', async () => {
    const connection = await connect({ servers: server.url });
    try {
      await using bus = await JetStreamBus.connect(server.url);
      const { ended } = await bus.consume(options, async () => {});
      const manager = await jetstreamManager(connection);
      const other = {
        durable_name: 'worker',
        filter_subject: 'primatrix.v1.stack.*.requested',
        ack_policy: AckPolicy.Explicit,
      };
      await manager.consumers.add('PRIMATRIX_V1_WORK', other);
      await server.kill();
      await server.restart();
      await expect(ended).rejects.toMatchObject({ code: 'BUS_CONFLICT' });
    } finally {
      await connection.close();
    }
  });

  it.skipIf(!existsSync(compiled))('gives the message of a killed process to another (needs the build)', async () => {
    const script = `
      const { JetStreamBus } = await import(process.argv[1]);
      const bus = await JetStreamBus.connect(process.argv[2]);
      await bus.consume(JSON.parse(process.argv[3]), async () => { process.stdout.write('begun'); await new Promise(() => {}); });`;
    const argument = [fileURLToPath(compiled), server.url, JSON.stringify(options)];
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...argument], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await using bus = await JetStreamBus.connect(server.url);
      await bus.publish(messageOf(1));
      await once(child.stdout, 'data');
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      const attempts: number[] = [];
      await bus.consume(options, async (_message, { attempt }) => void attempts.push(attempt));
      await until(() => attempts.length > 0);
      expect(attempts[0]).toBeGreaterThan(1);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('measures its throughput', async () => {
    await using bus = await JetStreamBus.connect(server.url);
    const result = await measureThroughput(bus, 'test', { messages: 200 });
    expect(result).toMatchObject({
      messages: 200,
      messagesPerSecond: expect.any(Number) as number,
      clientPerSecond: expect.any(Number) as number,
    });
    expect(result.ratio).toBeCloseTo(result.messagesPerSecond / (result.clientPerSecond ?? 0));
    // One at a time for more than a second: whatever falls into its whole seconds was acknowledged there.
    const longer = await measureThroughput(bus, 'longer', { messages: 3_000, publishing: 1, concurrency: 1 });
    if (longer.seconds >= 1) expect(longer.lowestSecond).toBeGreaterThan(0);
    expect(longer.medianSecond ?? 0).toBeLessThanOrEqual(3_000);
    expect(await bus.deadLetters()).toEqual([]);
  });
});
