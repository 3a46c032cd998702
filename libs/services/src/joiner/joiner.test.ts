import { rm, truncate } from 'node:fs/promises';
import type { DeadLetter, Message, TensorRef } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import { announcedServices, JetStreamBus } from '@primatrix/messaging';
import type { BundleManifest } from '@primatrix/prediction';
import { FileTensorStore } from '@primatrix/tensor-store';
import {
  natsServerAvailable,
  startNatsServer,
  temporaryFolder,
  type NatsServer,
  type TemporaryFolder,
} from '@primatrix/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Requester } from '../remote/requester.ts';
import { bundleParts, producerOf, type BundlePart } from '../parts/bundle-parts.ts';
import { unlessLost } from '../parts/lost-input.ts';
import { openAnswers, startJoiner, type JoinerOptions } from './start-joiner.ts';
import { startService, type ServedPart, type ServiceOptions } from '../parts/start-service.ts';
import { ask, digest, manifest, numberOf, outcome, recordOf, workOver } from './joiner.fixture.ts';

describe.skipIf(!natsServerAvailable())('a joiner and its families', () => {
  let server: NatsServer;
  let folder: TemporaryFolder;
  let bus: JetStreamBus;
  let store: FileTensorStore;
  let started: { stop(): Promise<void> }[];
  let clock: number;
  let work: Record<string, ServedPart['work']>;
  let lettersBefore: DeadLetter[];
  beforeAll(async () => {
    server = await startNatsServer();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });
  beforeEach(async () => {
    bus = await JetStreamBus.connect(server.url);
    store = new FileTensorStore(folder.path);
    work = workOver(store);
    started = [];
    clock = 1_000_000;
    lettersBefore = await bus.deadLetters();
  });
  afterEach(async () => {
    await Promise.all(started.map((service) => service.stop()));
    await bus.close();
  });

  async function serve(
    own: Record<string, ServedPart['work']> = {},
    { parts = bundleParts(manifest), ...options }: Partial<ServiceOptions> & { parts?: BundlePart[] } = {},
  ): Promise<void> {
    const all = { ...work, ...own };
    for (const part of parts) {
      const does = all[part.name];
      if (does !== undefined) {
        started.push(
          await startService(
            { part, producer: producerOf(part), work: does, dispose: async () => {} },
            { bus, backoffMs: [0], ...options },
          ),
        );
      }
    }
  }
  const join = async (options: Partial<JoinerOptions> = {}) => {
    const joiner = await startJoiner({ bus, store, manifest, digest, now: () => clock, ...options });
    started.push(joiner);
    return joiner;
  };
  const requester = async (run: string) =>
    new Requester(bus, await openAnswers(bus), run, {
      bundle: digest,
      datasetId: 'test',
      producer: { name: 'test', version: '1.0.0', modelDigest: null },
    });

  it('joins what all families say of each clip, with two joiners, and does nothing twice', async () => {
    const asked: string[] = [];
    await serve({
      dots: async (request, signal) => (
        asked.push(request.clipId ?? ''),
        (work['dots'] as ServedPart['work'])(request, signal)
      ),
    });
    await join();
    await join();
    await using first = await requester('run-1');
    const names = Array.from({ length: 40 }, (_, i) => `clip-${i}`);
    const answers = await Promise.all(names.map((name) => ask(first, name)));
    expect(answers.map((answer) => recordOf(answer).nets)).toEqual(
      names.map((name) => ({ 'net-one': [numberOf(name), 0], 'net-two': [numberOf(name), 1] })),
    );
    expect(recordOf(answers[0] as Message)).toMatchObject({
      filename: 'clip-0',
      outcome,
      rows: { dots: { mean: 1, odd: null } },
      producers: { 'net-two': { version: '1.0.0', modelDigest: expect.any(String) as string } },
    });
    // Somebody who lost his answers asks again.
    await using again = await requester('run-1');
    expect(await ask(again, 'clip-7')).toEqual(answers[7]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('does once what was asked anew by one who was cut off and asks anew again', async () => {
    const seen: string[] = [];
    await serve({
      'net-one': async (request, signal) => (
        seen.push(request.id),
        (work['net-one'] as ServedPart['work'])(request, signal)
      ),
    });
    const joiner = await join();
    await using asks = await requester('run-anew');
    const before = await ask(asks, 'looked-at');
    await joiner.stop();
    const cut = new AbortController();
    const asked = ask(asks, 'looked-at', { anew: true, signal: cut.signal });
    setTimeout(() => cut.abort(new Error('cut off')), 300);
    await expect(asked).rejects.toThrow('cut off');
    await join();
    await using again = await requester('run-anew');
    const answer = await ask(again, 'looked-at', { anew: true });
    expect(recordOf(answer).nets).toEqual(recordOf(before).nets);
    expect(answer.timings).toMatchObject({
      'video-ingest': expect.any(Number) as number,
      dots: expect.any(Number) as number,
      'net-two': expect.any(Number) as number,
    });
    expect([seen.length, new Set(seen).size]).toEqual([2, 2]);
  });

  it('goes on with a clip that another joiner began', async () => {
    const seen: string[] = [];
    await serve({
      'net-two': undefined as unknown as ServedPart['work'],
      'net-one': async (request, signal) => (
        seen.push('one'),
        (work['net-one'] as ServedPart['work'])(request, signal)
      ),
    });
    const joiner = await join();
    await using asks = await requester('run-2');
    const answer = ask(asks, 'begun');
    await vi.waitUntil(() => seen.length === 1, { timeout: 10_000 });
    await joiner.stop();
    await serve({}, { parts: bundleParts(manifest).filter(({ name }) => name === 'net-two') });
    await join();
    expect(recordOf(await answer).nets).toEqual({
      'net-one': [numberOf('begun'), 0],
      'net-two': [numberOf('begun'), 1],
    });
    expect(seen).toEqual(['one']);
  });

  it('waits for a late family, or predicts without it after the deadline, as the request has it', async () => {
    await serve({ 'net-two': () => new Promise(() => {}) }, { limitMs: 1, ackWaitMs: 60_000 });
    await join();
    await using asks = await requester('run-3');
    const waits = ask(asks, 'patient');
    const hurries = ask(asks, 'hasty', { withoutAfterMs: 30_000 });
    await vi.waitUntil(
      async () =>
        (await bus.connection.request('primatrix.v1.health.net-one')).json<{ handled: number }>().handled === 2,
      { timeout: 10_000 },
    );
    clock += 31_000;
    const record = recordOf(await hurries);
    expect(record.nets).toEqual({ 'net-one': [numberOf('hasty'), 0] });
    expect(record.outcome).toMatchObject({
      status: 'degraded',
      fault: 'incomplete',
      reason: "without net-two (request's policy): no answer in time",
    });
    expect(record.without).toEqual({ 'net-two': { reason: 'no answer in time', policy: 'request' } });
    expect(await Promise.race([waits.then(() => 'answered'), Promise.resolve('waits')])).toBe('waits');
    started.push({ stop: async () => {} });
    // Its handlers hang; the bus is not to wait for them.
    await bus.connection.close();
    bus = await JetStreamBus.connect(server.url);
    started = [];
  });

  it('goes by the policy of the bundle where the request has none', async () => {
    const late = { withoutAfterMs: 30_000, parts: { 'net-two': 60_000, dots: null } };
    await serve(
      {
        'net-two': () => new Promise(() => {}),
        'net-one': async () => ({ failure: { code: 'no', message: 'not for me' } }),
      },
      { limitMs: 1, ackWaitMs: 60_000 },
    );
    await join({ manifest: { ...manifest, late } });
    await using asks = await requester('run-8');
    const [bundles, requests, waits] = [
      ask(asks, 'as the bundle has it'),
      ask(asks, 'sooner', { withoutAfterMs: 10_000 }),
      ask(asks, 'never', { withoutAfterMs: null }),
    ];
    await vi.waitUntil(
      async () => (await bus.connection.request('primatrix.v1.health.net-one')).json<{ failed: number }>().failed === 3,
      { timeout: 10_000 },
    );
    clock += 11_000;
    expect(recordOf(await requests).without).toEqual({
      'net-one': { reason: 'not for me [no]', policy: 'request' },
      'net-two': { reason: 'no answer in time', policy: 'request' },
    });
    clock += 30_000;
    expect(
      await Promise.race([
        bundles.then(() => 'answered'),
        new Promise((resolve) => setTimeout(resolve, 1_200, 'waits')),
      ]),
    ).toBe('waits');
    clock += 30_000;
    const record = recordOf(await bundles);
    expect(record.outcome).toMatchObject({
      status: 'degraded',
      reason:
        "without net-one (bundle's policy): not for me [no]; without net-two (bundle's policy): no answer in time",
    });
    expect(record.without).toEqual({
      'net-one': { reason: 'not for me [no]', policy: 'bundle' },
      'net-two': { reason: 'no answer in time', policy: 'bundle' },
    });
    expect(await Promise.race([waits.then(() => 'answered'), Promise.resolve('waits')])).toBe('waits');
    await bus.connection.close();
    bus = await JetStreamBus.connect(server.url);
    started = [];
  });

  describe('when a stored tensor is gone or torn', () => {
    const spoilers = {
      torn: (path: string) => truncate(path, 60),
      empty: (path: string) => truncate(path, 0),
      gone: (path: string) => rm(path),
    };
    const netAnswer: ServedPart['work'] = (request, signal) => (work['net-one'] as ServedPart['work'])(request, signal);
    const spoil = async (ref: TensorRef | undefined, how: keyof typeof spoilers) =>
      spoilers[how](store.fileOf(ref as TensorRef));

    it.each(['torn', 'empty', 'gone'] as const)('has it made again: %s', async (how) => {
      const asked = { dots: 0, 'net-one': 0, 'net-two': 0 };
      await serve({
        dots: (request, signal) => (asked.dots++, (work['dots'] as ServedPart['work'])(request, signal)),
        // Its features are spoilt while they are referred to.
        'net-one': (request, signal) =>
          unlessLost(async () => {
            if (asked['net-one']++ === 0) await spoil(request.payload.tensors['features'], how);
            return netAnswer(request, signal);
          }),
        // What it answers with is spoilt before the joiner reads it.
        'net-two': (request, signal) =>
          unlessLost(async () => {
            const answer = await (work['net-two'] as ServedPart['work'])(request, signal);
            if (asked['net-two']++ === 0) await spoil(answer.tensors?.['probabilities'], how);
            return answer;
          }),
      });
      await join();
      await join();
      await using asks = await requester(`lost-${how}`);
      const name = `a clip, ${how}`;
      const answer = await ask(asks, name);
      expect(answer.event).toBe('ready');
      expect(recordOf(answer)).toMatchObject({
        outcome,
        nets: { 'net-one': [numberOf(name), 0], 'net-two': [numberOf(name), 1] },
      });
      expect(recordOf(answer)).not.toHaveProperty('without');
      expect(asked.dots).toBe(2);
      expect(asked['net-one']).toBe(2);
      expect(asked['net-two']).toBeGreaterThanOrEqual(2);
      expect(await bus.deadLetters()).toEqual(lettersBefore);
    });

    it('fails the clip where it is spoilt again and again', async () => {
      let tries = 0;
      await serve({
        'net-two': async (request, signal) => {
          tries += 1;
          const answer = await (work['net-two'] as ServedPart['work'])(request, signal);
          await spoil(answer.tensors?.['probabilities'], 'torn');
          return answer;
        },
      });
      await join();
      await using asks = await requester('lost-again');
      const { outcome: failed } = recordOf(await ask(asks, 'hopeless'));
      expect(failed).toMatchObject({
        status: 'failed',
        fault: 'incomplete',
        reason: expect.stringMatching(/^without net-two: .*clip hopeless: must be \d+ bytes long, got 60$/) as string,
      });
      expect(tries).toBe(4);
    });
  });

  it('puts a poison clip aside after its tries, fails it, and delays nobody', async () => {
    let hang = () => {};
    const poison = sha256Bytes('poison');
    const tries: number[] = [];
    const poisoned: ServedPart['work'] = async (request, signal) => {
      if (request.clipId !== poison) return (work['net-one'] as ServedPart['work'])(request, signal);
      if (tries.push(tries.length) === 1) await new Promise<void>((resolve) => (hang = resolve));
      throw new RangeError('too much for me');
    };
    await serve({ 'net-one': poisoned }, { maxDeliver: 3, concurrency: 2 });
    await join();
    await using asks = await requester('run-4');
    const bad = ask(asks, 'poison');
    await vi.waitUntil(() => tries.length === 1, { timeout: 10_000 });
    // While the poison clip holds one place, the others go through.
    const good = await Promise.all(['x', 'y', 'z'].map((name) => ask(asks, name)));
    expect(good.map(({ event }) => event)).toEqual(['ready', 'ready', 'ready']);
    expect(tries).toHaveLength(1);
    hang();
    expect(recordOf(await bad).outcome).toMatchObject({
      status: 'failed',
      fault: 'incomplete',
      reason: 'without net-one: RangeError: too much for me [failed]',
    });
    expect(tries).toHaveLength(3);
    expect(await bus.deadLetters()).toMatchObject([
      { clipId: poison, reason: 'failed', deliveries: 3, durable: expect.stringContaining('net-one') as string },
    ]);
    // Whoever predicts without it is told so; who asks again has it tried again.
    expect(recordOf(await ask(asks, 'poison', { withoutAfterMs: 60_000 })).outcome.status).toBe('degraded');
  });

  it('sends clips to the version that they pin, and a share of them to a canary', async () => {
    const newer: BundleManifest = {
      ...manifest,
      nets: manifest.nets.map((net) => ({
        ...net,
        version: '1.1.0',
        models: [{ path: 'y', sha256: sha256Bytes('newer') }],
      })),
    };
    const foreign: BundleManifest = {
      ...newer,
      classes: ['a', 'b', 'c'],
      nets: newer.nets.map((net) => ({ ...net, version: '1.9.0' })),
    };
    const versioned = (from: BundleManifest, version: number) => {
      const part = bundleParts(from).find(({ name }) => name === 'net-one') as BundlePart;
      return serve(
        {
          'net-one': async () => ({
            tensors: {
              probabilities: await store.put({ dtype: 'float64', shape: [2], data: Float64Array.of(version, version) }),
            },
            facts: { padding: null },
          }),
        },
        { parts: [part] },
      );
    };
    await serve();
    await versioned(newer, 11);
    await versioned(foreign, 19);
    expect((await announcedServices(bus.connection, 'net-one')).map(({ version }) => version).sort()).toEqual([
      '1.0.0',
      '1.1.0',
      '1.9.0',
    ]);
    const joiner = await join({ canaries: [{ part: 'net-one', range: '1.1.x', share: 0.5 }] });
    await using asks = await requester('run-5');
    const pinned = recordOf(await ask(asks, 'pinned', { versions: { 'net-one': '>=1.1.0' } }));
    expect(pinned.nets['net-one']).toEqual([11, 11]);
    expect(pinned.producers).toMatchObject({ 'net-one': { version: '1.1.0' }, 'net-two': { version: '1.0.0' } });
    const versionsOf = async (run: string) => {
      await using fresh = await requester(run);
      const records = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(fresh, `shared-${i}`)));
      return records.map((answer) => recordOf(answer).producers?.['net-one']?.version);
    };
    const shared = await versionsOf('run-6');
    expect(shared.filter((version) => version === '1.1.0').length).toBeGreaterThan(8);
    expect(shared.filter((version) => version === '1.0.0').length).toBeGreaterThan(8);
    await joiner.stop();
    await join({ canaries: [{ part: 'net-one', range: '1.1.x', share: 0.5 }] });
    expect(await versionsOf('run-7')).toEqual(shared);
    expect(recordOf(await ask(asks, 'nowhere', { versions: { 'net-one': '^2.0.0' } })).outcome.reason).toBe(
      'without net-one: no release of the wanted version is announced',
    );
  });
});
