import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@primatrix/contracts';
import { subjectOf } from '@primatrix/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { busKinds } from './bus.fixture.ts';
import type { Bus, BusOptions, ConsumeOptions, Handler } from './index.ts';
import { maxMessageBytes } from './index.ts';
import { messageOf, parts } from './message.fixture.ts';

const numberOf = (message: Message) => message.timings['n'] as number;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe.each(busKinds.filter(({ available }) => available))('$name', (subject) => {
  const take: ConsumeOptions = { filter: parts, durable: 'worker', ackWaitMs: 10_000, backoffMs: [0] };
  let bus: Bus;
  let buses: Bus[];
  const open = async (options: BusOptions = {}) => {
    const opened = await subject.open(options);
    buses.push(opened);
    return opened;
  };

  beforeAll(() => subject.begin());
  afterAll(() => subject.end());
  beforeEach(async () => {
    buses = [];
    bus = await open();
  });
  afterEach(async () => {
    await Promise.allSettled(buses.map((each) => each.close()));
  });

  /** Waits until a condition holds; the test's own time-out ends it if it never does. */
  const until = (condition: () => boolean | Promise<boolean>) =>
    vi.waitUntil(condition, { timeout: 20_000, interval: 10 });

  it('delivers what was published, members that it does not know too', async () => {
    const message = { ...messageOf(1), later: { deep: [1, null] }, payload: { tensors: {}, files: {}, more: 'x' } };
    const got: unknown[] = [];
    await bus.consume(take, async (each, { attempt }) => void got.push([each, attempt]));
    expect(await bus.publish(message)).toEqual({ duplicate: false });
    await until(() => got.length > 0);
    expect(got).toEqual([[message, 1]]);
  });

  it('refuses to publish what is no message', async () => {
    await expect(bus.publish({ ...messageOf(1), family: 'a.b' })).rejects.toMatchObject({ code: 'BUS_MESSAGE' });
    await expect(bus.publish({ ...messageOf(1), big: 'x'.repeat(maxMessageBytes) })).rejects.toMatchObject({
      code: 'BUS_MESSAGE',
    });
  });

  it('drops a message that was published a moment ago', async () => {
    const got: number[] = [];
    await bus.publish(messageOf(1));
    expect(await bus.publish(messageOf(1))).toEqual({ duplicate: true });
    await bus.publish(messageOf(2));
    await bus.consume(take, async (message) => void got.push(numberOf(message)));
    await until(() => got.length >= 2);
    expect(got).toEqual([1, 2]);
    expect(await bus.publish(messageOf(1))).toEqual({ duplicate: true });
  });

  it('shares work among the consumers of a durable: each message once', async () => {
    const got: number[][] = [[], []];
    for (const list of got) {
      await bus.consume({ ...take, concurrency: 2 }, async (message) => {
        list.push(numberOf(message));
        await sleep(2);
      });
    }
    await Promise.all(upTo(100).map((n) => bus.publish(messageOf(n))));
    await until(() => got.flat().length >= 100);
    expect(got.flat().sort((a, b) => a - b)).toEqual(upTo(100));
    expect(got.every((list) => list.length > 10)).toBe(true);
  });

  it('tells every durable each announcement, one that comes late too', async () => {
    const got: Record<string, number[]> = { a: [], b: [], late: [] };
    const listen = (durable: string) =>
      bus.consume({ ...take, durable, filter: { stage: '*', family: '*', event: 'ready' } }, async (message) => {
        got[durable]?.push(numberOf(message));
      });
    await listen('a');
    await listen('b');
    for (const n of upTo(5)) await bus.publish(messageOf(n, { event: 'ready' }));
    await bus.publish(messageOf(9));
    await listen('late');
    await until(() => Object.values(got).every((list) => list.length >= 5));
    expect(got).toEqual({ a: upTo(5), b: upTo(5), late: upTo(5) });
  });

  it('begins with what comes from now on where that is asked for', async () => {
    const got: number[] = [];
    await bus.publish(messageOf(1, { event: 'ready' }));
    const listen: ConsumeOptions = { ...take, from: 'now', filter: { ...parts, event: 'ready' } };
    const first = await bus.consume(listen, async (message) => void got.push(numberOf(message)));
    await bus.publish(messageOf(2, { event: 'ready' }));
    await until(() => got.length === 1);
    await first.stop();
    await bus.publish(messageOf(3, { event: 'ready' }));
    // It is not new any more: it goes on where it was.
    await bus.consume(listen, async (message) => void got.push(numberOf(message)));
    await until(() => got.length === 2);
    expect(got).toEqual([2, 3]);
  });

  it('keeps the releases of a family apart', async () => {
    const got: Record<string, number[]> = { old: [], new: [], any: [] };
    for (const [durable, list] of Object.entries(got)) {
      const release = durable === 'any' ? {} : { release: `${durable}_1` };
      await bus.consume(
        { ...take, durable, filter: { ...parts, ...release } },
        async (message) => void list.push(numberOf(message)),
      );
    }
    await bus.publish(messageOf(1, { release: 'old_1' }));
    await bus.publish(messageOf(2, { release: 'new_1' }));
    await bus.publish(messageOf(3));
    await until(() => Object.values(got).flat().length === 3);
    expect(got).toEqual({ old: [1], new: [2], any: [3] });
    await bus.publish(messageOf(4, { release: 'none_1' }));
    await bus.consume(
      { ...take, durable: 'none', filter: { ...parts, release: 'none_1' } },
      async (message) => void got['any']?.push(numberOf(message)),
    );
    await until(() => got['any']?.length === 2);
  });

  it('tells of a message before it is put aside, again if that fails', async () => {
    const told: string[] = [];
    const onDeadLetter: ConsumeOptions['onDeadLetter'] = async ({ reason, detail }, message) => {
      told.push(`${reason} ${detail} ${numberOf(message)}`);
      expect(await bus.deadLetters()).toEqual([]);
      if (told.length === 1) throw new Error('try again');
    };
    await bus.consume({ ...take, ackWaitMs: 300, maxDeliver: 1, onDeadLetter }, async () => {
      throw new Error('no luck');
    });
    await bus.publish(messageOf(7));
    await until(async () => (await bus.deadLetters()).length > 0);
    expect(told).toEqual(['failed Error: no luck 7', 'unanswered delivered 1 times without an answer 7']);
  });

  it('handles as many at once as allowed and no more', async () => {
    let now = 0;
    let most = 0;
    let handled = 0;
    for (const n of upTo(40)) await bus.publish(messageOf(n));
    await bus.consume({ ...take, concurrency: 4 }, async () => {
      most = Math.max(most, ++now);
      await sleep(5);
      now--;
      handled++;
    });
    await until(() => handled >= 40);
    expect(most).toBe(4);
  });

  it('does not hold messages back that another consumer could take', async () => {
    const got: number[] = [];
    let free = () => {};
    const blocked = new Promise<void>((resolve) => (free = resolve));
    const handler: Handler = async (message) => {
      got.push(numberOf(message));
      if (numberOf(message) === 0) await blocked;
    };
    await bus.publish(messageOf(0));
    await bus.consume(take, handler);
    await until(() => got.length === 1);
    for (const n of [1, 2, 3]) await bus.publish(messageOf(n));
    await bus.consume(take, handler);
    await until(() => got.length === 4);
    free();
  });

  it('delivers again after a failure, pausing, and buries the message in the end', async () => {
    const attempts: number[] = [];
    const times: number[] = [];
    await bus.consume({ ...take, maxDeliver: 3, backoffMs: [50, 150] }, async (message, { attempt }) => {
      if (numberOf(message) === 2) return;
      attempts.push(attempt);
      times.push(performance.now());
      throw new TypeError('no luck');
    });
    await bus.publish(messageOf(1, { clipId: 'c'.repeat(64) }));
    await bus.publish(messageOf(2));
    await until(async () => (await bus.deadLetters()).length > 0);
    expect(attempts).toEqual([1, 2, 3]);
    // Only lower bounds: a pause may always take longer.
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(40);
    expect((times[2] as number) - (times[1] as number)).toBeGreaterThan(140);
    const letters = await bus.deadLetters();
    expect(letters).toMatchObject([
      {
        reason: 'failed',
        detail: 'TypeError: no luck',
        durable: 'worker',
        deliveries: 3,
        clipId: 'c'.repeat(64),
        subject: subjectOf(parts),
      },
    ]);
    expect(JSON.parse(Buffer.from(letters[0]?.data ?? '', 'base64').toString())).toEqual(
      messageOf(1, { clipId: 'c'.repeat(64) }),
    );
  });

  it('goes on after a failure that passes', async () => {
    const attempts: number[] = [];
    await bus.consume(take, async (_message, { attempt }) => {
      attempts.push(attempt);
      if (attempt === 1) throw new Error('once');
    });
    await bus.publish(messageOf(1));
    await until(() => attempts.length === 2);
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('buries what is no message of its subject, and goes on', async () => {
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    const bad = [
      new Uint8Array(0),
      new TextEncoder().encode('{"a":'),
      Uint8Array.of(0x22, 0xff, 0x22),
      bytes(null),
      bytes({ ...messageOf(1), schemaVersion: 2 }),
      bytes(messageOf(1, { family: 'resnet50' })),
    ];
    const got: number[] = [];
    for (const data of bad) await subject.inject(bus, subjectOf(parts), data);
    await bus.publish(messageOf(2));
    await bus.consume(take, async (message) => void got.push(numberOf(message)));
    await until(async () => got.length > 0 && (await bus.deadLetters()).length >= bad.length);
    const letters = await bus.deadLetters();
    expect(got).toEqual([2]);
    expect(letters.map(({ reason }) => reason)).toEqual(bad.map(() => 'malformed'));
    expect(letters.map(({ data }) => [...Buffer.from(data, 'base64')])).toEqual(bad.map((data) => [...data]));
    expect(letters[4]?.detail).toContain('schemaVersion');
    expect(letters[5]?.detail).toContain('must not come on');
    expect(await bus.deadLetters(2)).toEqual(letters.slice(-2));
  });

  it('gives a message away when its handler is silent, and tells the handler', async () => {
    const attempts: number[] = [];
    let reason: unknown;
    await bus.consume({ ...take, ackWaitMs: 200 }, async (_message, { attempt, signal }) => {
      attempts.push(attempt);
      if (attempt === 1) {
        await new Promise((resolve) => signal.addEventListener('abort', () => resolve((reason = signal.reason))));
      }
    });
    await bus.publish(messageOf(1));
    await until(() => attempts.length > 1);
    expect(attempts).toEqual([1, 2]);
    expect(reason).toMatchObject({ code: 'BUS_ACK_WAIT' });
  });

  it('lets a handler work for long that says so', async () => {
    const attempts: number[] = [];
    let done = false;
    await bus.consume({ ...take, ackWaitMs: 1000 }, async (_message, { attempt, working }) => {
      attempts.push(attempt);
      for (let i = 0; i < 15; i++) {
        await sleep(100);
        working();
      }
      done = true;
    });
    await bus.publish(messageOf(1));
    await until(() => done);
    await sleep(50);
    expect(attempts).toEqual([1]);
  });

  it('buries a message that nobody ever answers, though its handlers hang', async () => {
    let deliveries = 0;
    await bus.consume({ ...take, ackWaitMs: 150, maxDeliver: 2 }, async () => {
      deliveries++;
      await new Promise(() => {});
    });
    await bus.publish(messageOf(1));
    await until(async () => (await bus.deadLetters()).length > 0);
    expect(await bus.deadLetters()).toMatchObject([
      { reason: 'unanswered', deliveries: 2, messageId: messageOf(1).id },
    ]);
    expect(deliveries).toBe(2);
  });

  it('closes in order: running handlers finish and may publish, nothing new begins', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    let free = () => {};
    const blocked = new Promise<void>((resolve) => (free = resolve));
    for (const n of upTo(5)) await bus.publish(messageOf(n));
    await bus.consume({ ...take, concurrency: 2 }, async (message) => {
      begun.push(numberOf(message));
      await blocked;
      await bus.publish(messageOf(numberOf(message), { event: 'ready' }));
      ended.push(numberOf(message));
    });
    await until(() => begun.length === 2);
    const closing = bus.close();
    await expect(bus.consume(take, async () => {})).rejects.toMatchObject({ code: 'BUS_CLOSED' });
    free();
    await closing;
    await bus.close();
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0, 1]);
    await expect(bus.publish(messageOf(9))).rejects.toMatchObject({ code: 'BUS_CLOSED' });
  });

  it('does not wait for ever for handlers when closing', async () => {
    const impatient = await open({ closeGraceMs: 50 });
    let aborted = false;
    let begun = false;
    await impatient.consume(take, async (_message, { signal }) => {
      begun = true;
      signal.addEventListener('abort', () => (aborted = true));
      await new Promise(() => {});
    });
    await impatient.publish(messageOf(1));
    await until(() => begun);
    await expect(impatient.close()).rejects.toMatchObject({
      code: 'BUS_TIMEOUT',
      fields: { unfinished: 1, durable: 'worker' },
    });
    expect(aborted).toBe(true);
  });

  it('lets a stopped consumer leave the rest to another', async () => {
    const got: number[] = [];
    const first = await bus.consume(take, async (message) => void got.push(numberOf(message)));
    await bus.publish(messageOf(1));
    await until(() => got.length === 1);
    await first.stop();
    await first.ended;
    for (const n of [2, 3]) await bus.publish(messageOf(n));
    await sleep(20);
    expect(got).toEqual([1]);
    await bus.consume(take, async (message) => void got.push(numberOf(message)));
    await until(() => got.length === 3);
    expect(got).toEqual([1, 2, 3]);
  });

  it('gives work to one durable only', async () => {
    await bus.consume(take, async () => {});
    const all = { ...take, filter: { stage: '*', family: '*', event: 'requested' } } as const;
    await expect(bus.consume({ ...all, durable: 'greedy' }, async () => {})).rejects.toMatchObject({
      code: 'BUS_CONFLICT',
    });
    await expect(bus.consume(all, async () => {})).rejects.toMatchObject({ code: 'BUS_CONFLICT' });
    await bus.consume({ ...take, durable: 'other', filter: { ...parts, family: 'resnet50' } }, async () => {});
  });

  it('makes publishers wait when consumers do not keep up, and tells those who wait in vain', async () => {
    const small = await open({ capacity: 2, publishTimeoutMs: 300 });
    await small.publish(messageOf(1));
    await small.publish(messageOf(2));
    await expect(small.publish(messageOf(3))).rejects.toMatchObject({ code: 'BUS_FULL' });
    const got: number[] = [];
    const patient = small.publish(messageOf(3));
    await small.consume(take, async (message) => void got.push(numberOf(message)));
    expect(await patient).toEqual({ duplicate: false });
    await until(() => got.length === 3);
  });

  it.each<[string, Partial<ConsumeOptions>]>([
    ['durable', { durable: 'a.b' }],
    ['concurrency', { concurrency: 0 }],
    ['ackWaitMs', { ackWaitMs: 1 }],
    ['maxDeliver', { maxDeliver: 0 }],
    ['backoffMs', { backoffMs: [-1] }],
  ])('refuses a %s out of range', async (name, change) => {
    await expect(bus.consume({ ...take, ...change }, async () => {})).rejects.toMatchObject({
      code: 'BUS_OPTION',
      fields: { name },
    });
  });
});
