import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@primatrix/contracts';
import { InProcessBus, messageIdOf } from '@primatrix/messaging';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { producerOf, type BundlePart } from './bundle-parts.ts';
import { startService, type ServedPart, type ServiceOptions } from './start-service.ts';

const part: BundlePart = {
  stage: 'nets',
  family: 'net-one',
  name: 'net-one',
  version: '1.2.0',
  release: '1_2_0-abc',
  modelDigest: 'c'.repeat(64),
  contract: '',
  reads: null,
};
const requestOf = (n: number): Message => ({
  schemaVersion: 1,
  id: messageIdOf({ stage: 'nets', family: 'net-one', event: 'requested', inputs: n, settings: null }),
  stage: 'nets',
  family: 'net-one',
  event: 'requested',
  release: part.release,
  datasetId: 'test',
  clipId: 'd'.repeat(64),
  producer: producerOf(part),
  payload: { tensors: {}, files: {}, context: { any: n } },
  failure: null,
  timings: {},
});

describe('startService', () => {
  let bus: InProcessBus;
  let answers: Message[];
  beforeEach(async () => {
    bus = new InProcessBus();
    answers = [];
    for (const event of ['ready', 'failed'] as const) {
      await bus.consume(
        { filter: { stage: '*', family: '*', event }, durable: event },
        async (message) => void answers.push(message),
      );
    }
  });
  afterEach(() => bus.close());
  const serve = (work: ServedPart['work'], options: Partial<ServiceOptions> = {}) =>
    startService(
      { part, producer: producerOf(part), work, dispose: async () => {} },
      { bus, backoffMs: [0], ...options },
    );
  const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 10_000, interval: 5 });

  it('answers with references, facts, who made them, and the context of the request', async () => {
    const tensors = {
      probabilities: { uri: 'file:x#data', dtype: 'float64' as const, shape: [2], sha256: 'e'.repeat(64), bytes: 16 },
    };
    await serve(async () => ({ tensors, facts: { padding: null } }));
    await bus.publish(requestOf(1));
    await until(() => answers.length === 1);
    expect(answers[0]).toMatchObject({
      event: 'ready',
      clipId: 'd'.repeat(64),
      producer: { name: '@primatrix/net-one', version: '1.2.0', modelDigest: 'c'.repeat(64) },
      payload: { tensors, files: {}, padding: null, context: { any: 1 } },
      failure: null,
    });
    expect(answers[0]?.timings['workMs']).toBeGreaterThanOrEqual(0);
  });

  it('tells apart inputs that have no output, which are answered, and tries that went wrong, which come again', async () => {
    let tries = 0;
    await serve(async ({ payload }) => {
      if ((payload['context'] as { any: number }).any === 1) {
        return { failure: { code: 'not-media', message: 'no clip' } };
      }
      if (++tries < 3) throw new Error('once more');
      return {};
    });
    await bus.publish(requestOf(1));
    await bus.publish(requestOf(2));
    await until(() => answers.length === 2);
    expect(answers.map(({ event, failure }) => [event, failure?.code])).toEqual([
      ['failed', 'not-media'],
      ['ready', undefined],
    ]);
    expect(tries).toBe(3);
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('gives up after the tries that it has, and says so to whoever waits', async () => {
    await serve(() => Promise.reject(new RangeError('too much')), { maxDeliver: 2 });
    await bus.publish(requestOf(1));
    await until(() => answers.length === 1);
    expect(answers[0]).toMatchObject({
      event: 'failed',
      failure: { code: 'failed', message: 'RangeError: too much' },
      payload: { context: { any: 1 } },
    });
    expect(await bus.deadLetters()).toMatchObject([{ reason: 'failed', deliveries: 2 }]);
  });

  it('keeps its work while it works, and loses it when it hangs', async () => {
    const attempts: string[] = [];
    await serve(
      async ({ payload }, signal) => {
        const { any } = payload['context'] as { any: number };
        attempts.push(`${any}`);
        if (any === 1) await sleep(900);
        else if (attempts.filter((each) => each === '2').length === 1) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        }
        return {};
      },
      { ackWaitMs: 300, limitMs: 1_000, concurrency: 2 },
    );
    await bus.publish(requestOf(1));
    await bus.publish(requestOf(2));
    await until(() => answers.length === 2);
    expect(attempts).toEqual(['1', '2', '2']);
  });

  it('finishes what it has when it is stopped, and takes no more', async () => {
    let begun = 0;
    const service = await serve(async () => {
      begun += 1;
      await sleep(100);
      return {};
    });
    await bus.publish(requestOf(1));
    await bus.publish(requestOf(2));
    await until(() => begun === 1);
    await service.stop();
    await until(() => answers.length === 1);
    expect(begun).toBe(1);
    await serve(async () => ({}));
    await until(() => answers.length === 2);
  });
});
