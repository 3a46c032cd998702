import type { Message } from '@primatrix/contracts';
import { natsServerAvailable, startNatsServer, type NatsServer } from '@primatrix/testkit';
import { newTrace, type TraceContext } from '@primatrix/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { InProcessBus, JetStreamBus, type Bus, type DeliveryEnd } from './index.ts';
import { messageOf, parts } from './message.fixture.ts';

const numberOf = (message: Message | undefined) => message?.timings['n'];
const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 10 });

let server: NatsServer;
beforeAll(async () => {
  if (natsServerAvailable()) server = await startNatsServer();
});
afterAll(() => server?.stop());

const kinds: [string, () => Promise<Bus>][] = [
  ['InProcessBus', async () => new InProcessBus()],
  ['JetStreamBus', () => JetStreamBus.connect(server.url)],
];

describe.each(kinds.filter(([name]) => name === 'InProcessBus' || natsServerAvailable()))('watching: %s', (_, open) => {
  let bus: Bus;
  let run = 0;
  beforeEach(async () => {
    bus = await open();
    run += 10;
  });
  afterEach(() => bus.close());
  const take = { filter: parts, durable: 'worker', ackWaitMs: 10_000, backoffMs: [0], maxDeliver: 2 };

  it('hands on the trace of a message, each time that it comes and to those who are told that it was put aside', async () => {
    const traced: TraceContext = { ...newTrace(), tracestate: 'vendor=1' };
    const seen: unknown[] = [];
    await bus.publish(messageOf(run), traced);
    await bus.publish(messageOf(run + 1));
    // The id alone says what is the same.
    expect(await bus.publish(messageOf(run), newTrace())).toEqual({ duplicate: true });
    await bus.consume(
      {
        ...take,
        onDeadLetter: async (letter, message, trace) => void seen.push([letter.reason, numberOf(message), trace]),
      },
      async (message, { attempt, trace }) => {
        seen.push([attempt, numberOf(message), trace]);
        throw new RangeError('no');
      },
    );
    await until(() => seen.length === 6);
    const about = (n: number) => seen.filter((each) => (each as unknown[])[1] === n);
    expect(about(run)).toEqual([
      [1, run, traced],
      [2, run, traced],
      ['failed', run, traced],
    ]);
    expect(about(run + 1)).toEqual([
      [1, run + 1, undefined],
      [2, run + 1, undefined],
      ['failed', run + 1, undefined],
    ]);
  });

  it('tells how each delivery ended, and does not mind who throws then', async () => {
    const ends: DeliveryEnd[] = [];
    const trace = newTrace();
    for (const n of [run, run + 1, run + 2]) await bus.publish(messageOf(n), trace);
    await bus.consume(
      {
        ...take,
        ackWaitMs: 300,
        concurrency: 3,
        onEnd: (end) => {
          ends.push(end);
          throw new Error('the watcher has fallen asleep');
        },
      },
      async (message, { attempt }) => {
        const n = numberOf(message);
        if (n === run + 1) throw new RangeError('no');
        if (n === run + 2 && attempt === 1) await new Promise(() => {});
      },
    );
    await until(() => ends.length === 5);
    // The server may give a message away a moment before its first handler is told.
    const of = (n: number) =>
      ends
        .filter(({ message }) => numberOf(message) === n)
        .sort((a, b) => a.attempt - b.attempt)
        .map(({ kind, reason, detail, attempt }) => [kind, reason, detail, attempt]);
    expect(of(run)).toEqual([['done', undefined, undefined, 1]]);
    expect(of(run + 1)).toEqual([
      ['retried', undefined, 'RangeError: no', 1],
      ['dead', 'failed', 'RangeError: no', 2],
    ]);
    expect(of(run + 2)).toEqual([
      ['lapsed', undefined, expect.stringContaining('within 300 ms'), 1],
      ['done', undefined, undefined, 2],
    ]);
    expect(ends.every((end) => end.trace?.traceparent === trace.traceparent && end.durationMs >= 0)).toBe(true);
    expect(ends.find(({ kind }) => kind === 'lapsed')?.durationMs).toBeGreaterThanOrEqual(299);
  });

  it('counts what waits and what is being worked on', async () => {
    let free = () => {};
    const blocked = new Promise<void>((resolve) => (free = resolve));
    let begun = 0;
    const consumption = await bus.consume({ ...take, concurrency: 2 }, async () => {
      begun += 1;
      await blocked;
    });
    expect([consumption.durable, await consumption.waiting(5_000)]).toEqual(['worker', 0]);
    for (let n = run; n < run + 5; n++) await bus.publish(messageOf(n));
    await until(() => begun === 2);
    expect(await consumption.waiting(5_000)).toBe(5);
    free();
    await until(async () => (await consumption.waiting(5_000)) === 0);
  });
});

describe.skipIf(!natsServerAvailable())('JetStreamBus without its server', () => {
  it('knows that it is away and says at once that it does not know what waits', async () => {
    await using own = await startNatsServer();
    await using bus = await JetStreamBus.connect(own.url);
    const consumption = await bus.consume({ filter: parts, durable: 'worker' }, async () => {});
    expect(bus.connected).toBe(true);
    await own.kill();
    await until(() => !bus.connected);
    await expect(consumption.waiting(3_600_000)).rejects.toMatchObject({ code: 'BUS_TIMEOUT' });
    await own.restart();
    await until(() => bus.connected);
    expect(await consumption.waiting(5_000)).toBe(0);
    // Nobody makes it again.
    await consumption.stop();
    await bus.connection.request('$JS.API.CONSUMER.DELETE.PRIMATRIX_V1_WORK.worker');
    await expect(consumption.waiting(5_000)).rejects.toMatchObject({ code: 'BUS_REFUSED' });
  });
});
