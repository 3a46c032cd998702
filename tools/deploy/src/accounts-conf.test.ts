import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { deadLetterSubject, filterOf, type Message, type TensorRef } from '@primatrix/contracts';
import { announcedServices, JetStreamBus, messageIdOf, streamNames } from '@primatrix/messaging';
import {
  durableOf,
  joinerFamily,
  joinerReleaseOf,
  openAnswers,
  ServiceWatch,
  startJoiner,
  startService,
  type BundlePart,
  type WorkResult,
} from '@primatrix/services';
import { openTensorStore, type TensorStore } from '@primatrix/tensor-store';
import {
  natsServerAvailable,
  smallClip,
  startNatsServer,
  temporaryFolder,
  type NatsServer,
  type TemporaryFolder,
} from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountsConf } from './accounts-conf.ts';
import { digest, manifest, parts, passwordOf, passwords, secured, users } from './broker-accounts.fixture.ts';
import { clientUser } from './broker-users.ts';
import { gatewayService } from './deployables.ts';

const { work } = streamNames;
const partOf = (name: string) => parts.find((part) => part.name === name) as BundlePart;
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;

/** A request to a part, as the joiner makes it, or to the joiner itself. */
function requestTo(
  { stage, family, release }: Pick<BundlePart, 'stage' | 'family' | 'release'>,
  payload: object = {},
  key = 'x.y',
): Message {
  return {
    schemaVersion: 1,
    id: messageIdOf({ stage, family, event: 'requested', inputs: [payload, key], settings: release }),
    stage,
    family,
    event: 'requested',
    release,
    datasetId: 'test',
    clipId: digest,
    producer: { name: 'test', version: '1.0.0', modelDigest: null },
    payload: {
      tensors: {},
      files: {},
      ...payload,
      context: { bundle: digest, key, part: family, round: 0, keep: true },
    },
    failure: null,
    timings: {},
  };
}

describe.skipIf(!natsServerAvailable())('a broker with accounts', () => {
  let folder: TemporaryFolder;
  let server: NatsServer;
  const open: { close(): Promise<unknown> }[] = [];
  const urlOf = (name: string) => `nats://${name}:${passwordOf(name)}@127.0.0.1:${server.port}`;
  const busOf = async (name: string) => {
    const bus = await JetStreamBus.connect(urlOf(name), { publishTimeoutMs: 2_000 });
    open.push(bus);
    return bus;
  };
  /** A connection that holds itself to nothing, as someone would who got hold of a service's password. */
  const rogue = async (name: string) => {
    const connection = await connect({
      servers: `127.0.0.1:${server.port}`,
      user: name,
      pass: passwordOf(name),
      inboxPrefix: `_INBOX.${name}`,
    });
    open.push(connection);
    return connection;
  };

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-broker-');
    await writeFile(join(folder.path, 'accounts.conf'), accountsConf(users));
    // As it is deployed, but without TLS, for which the next block cares, and without its monitoring's port.
    await writeFile(
      join(folder.path, 'secured.conf'),
      (await readFile(secured, 'utf8'))
        .replace('/data', `${folder.path}/data`)
        .replace(/^tls \{[^}]*\}/m, '')
        .replace(/^http:.*$/m, ''),
    );
    server = await startNatsServer({ file: join(folder.path, 'secured.conf'), env: passwords });
  });
  afterAll(async () => {
    for (const one of open) await one.close();
    await server?.stop();
    await folder?.remove();
  });

  it('lets each service do its own work, from a client to the joined record', async () => {
    const watches: ServiceWatch[] = [];
    const watchOf = (bus: JetStreamBus) => {
      const watch = new ServiceWatch({ info() {}, warn() {}, error() {} });
      watch.follow(bus);
      watches.push(watch);
      return watch;
    };
    const joinerBus = await busOf('joiner');
    const joiner = await startJoiner({
      bus: joinerBus,
      store: await openTensorStore('nats-object:tensors', joinerBus.connection),
      manifest,
      digest,
      now: () => 1_000_000,
      watch: watchOf(joinerBus),
    });
    const work: Record<string, (request: Message, store: TensorStore) => Promise<WorkResult>> = {
      'video-ingest': async () => ({
        facts: {
          outcome: null,
          metadata: smallClip(digest),
        },
      }),
      dots: async (_, store) => ({
        tensors: { features: await store.put({ dtype: 'float32', shape: [1], data: Float32Array.of(0.5) }) },
        facts: { outcome, looked: true, listened: false, row: {} },
      }),
      'net-one': async ({ payload }, store) => {
        const { data } = await store.get(payload.tensors['features'] as TensorRef);
        return {
          tensors: {
            probabilities: await store.put({ dtype: 'float64', shape: [2], data: Float64Array.of(Number(data[0]), 1) }),
          },
          facts: { padding: null },
        };
      },
    };
    work['net-two'] = work['net-one'] as NonNullable<(typeof work)[string]>;
    for (const name of ['stack-trees-a', 'stack-trees-b', 'ensemble']) {
      work[name] = async () => ({ facts: { combined: name } });
    }
    const buses = new Map(
      await Promise.all(
        [...new Set(parts.map(({ family }) => family))].map(async (family) => [family, await busOf(family)] as const),
      ),
    );
    const services = await Promise.all(
      parts.map(async (part) => {
        const bus = buses.get(part.family) as JetStreamBus;
        const store = await openTensorStore('nats-object:tensors', bus.connection);
        const does = work[part.name] as NonNullable<(typeof work)[string]>;
        return startService(
          {
            part,
            producer: { name: part.family, version: part.version, modelDigest: null },
            work: (request) => does(request, store),
            dispose: async () => {},
          },
          { bus, answers: await openAnswers(bus), watch: watchOf(bus) },
        );
      }),
    );

    const client = await busOf(clientUser);
    const answers = await openAnswers(client);
    const joinerPart = { stage: 'clips', family: joinerFamily, release: joinerReleaseOf(digest) } as const;
    const clip = { uri: 'file:///x', sha256: digest, bytes: 1 };
    await client.publish(
      requestTo(
        joinerPart,
        {
          files: { clip },
          filename: 'x',
          site: null,
          capturedAt: null,
          policy: { withoutAfterMs: null },
          versions: {},
        },
        'run.clip',
      ),
    );
    const second = ['stack-trees-a', 'stack-trees-b', 'ensemble'];
    for (const name of second) await client.publish(requestTo(partOf(name), {}, `run.${name}`));
    const answered = async (key: string) =>
      vi.waitUntil(async () => (await answers.get(key))?.value, { timeout: 15_000, interval: 100 });
    expect((await answered('run.clip')).payload['record']).toMatchObject({
      nets: { 'net-one': [0.5, 1], 'net-two': [0.5, 1] },
      outcome,
    });
    for (const name of second) expect((await answered(`run.${name}`)).payload).toMatchObject({ combined: name });
    // Every part answers who asks for it, those too that share a family, a user and a process.
    expect((await announcedServices(client.connection)).map(({ metadata }) => metadata['part']).sort()).toEqual(
      [...parts.map(({ name }) => name), joinerFamily].sort(),
    );
    expect(await (await busOf('operator')).deadLetters()).toEqual([]);
    // Each may read how much waits in its own queues.
    for (const watch of watches) expect(await watch.readiness.lacks()).toEqual([]);
    await Promise.all([joiner, ...services].map((service) => service.stop()));
  });

  it('lets the gateway do what clients may, and nothing else', () => {
    const rightsOf = (name: string) => {
      const { publish, subscribe } = users.find((user) => user.name === name) ?? { publish: [], subscribe: [] };
      return { publish, subscribe: subscribe.map((subject) => subject.replace(name, '*')) };
    };
    expect(rightsOf(gatewayService).publish.length).toBeGreaterThan(5);
    expect(rightsOf(gatewayService)).toEqual(rightsOf(clientUser));
  });

  it("refuses a service's user what is another family's: its subjects, its queue, what it is given", async () => {
    const { subject, durable } = {
      subject: filterOf({ ...partOf('net-two'), event: 'requested' }),
      durable: durableOf(partOf('net-two')),
    };
    const operator = await rogue('operator');
    await jetstream(operator).publish(subject, JSON.stringify(requestTo(partOf('net-two'), { secret: true })));
    const thief = await rogue('net-one');
    const refused = (subject: string, body = '') =>
      expect(thief.request(subject, body, { timeout: 3_000 }), subject).rejects.toThrow(
        /Permissions Violation for Publish/,
      );

    for (const event of ['ready', 'failed'] as const) await refused(`primatrix.v1.nets.net-two.${event}`);
    await refused(subject);
    await refused(filterOf({ ...partOf('net-one'), event: 'requested' }));
    await refused('primatrix.v1.clips.joiner.ready');
    await refused(deadLetterSubject(subject));
    await refused(`$JS.API.CONSUMER.MSG.NEXT.${work}.${durable}`, '1');
    await refused(`$JS.API.CONSUMER.CREATE.${work}.${durable}.${subject}`, '{}');
    await refused(`$JS.API.CONSUMER.CREATE.${work}`, '{}');
    await refused(`$JS.API.CONSUMER.DURABLE.CREATE.${work}.stolen`, '{}');
    await refused(`$JS.API.STREAM.MSG.GET.${work}`, JSON.stringify({ last_by_subj: subject }));
    for (const verb of ['DELETE', 'PURGE', 'UPDATE', 'CREATE']) await refused(`$JS.API.STREAM.${verb}.${work}`, '{}');
    await refused('$KV.primatrix-v1-answers.run.clip', '{}');
    // Nor by its own durable with a filter that is not its own.
    const own = durableOf(partOf('net-one'));
    const filter = filterOf({ ...partOf('net-one'), event: 'requested' });
    const config = { durable_name: own, filter_subject: subject, ack_policy: 'explicit' };
    const answer = await thief.request(
      `$JS.API.CONSUMER.CREATE.${work}.${own}.${filter}`,
      JSON.stringify({ stream_name: work, config }),
      { timeout: 3_000 },
    );
    expect(answer.json()).toMatchObject({
      error: { description: expect.stringContaining('did not match filtered subject') as string },
    });

    for (const eavesdropped of [subject, 'primatrix.v1.>', '_INBOX.>', '_INBOX.net-two.>', '$JS.ACK.>', '>']) {
      await expect(refusal(thief, eavesdropped), eavesdropped).resolves.toBeInstanceOf(errors.PermissionViolationError);
    }
    // The work is still there for whom it is.
    expect(
      (await jetstreamManager(operator).then((manager) => manager.streams.info(work, { subjects_filter: subject })))
        .state.subjects,
    ).toEqual({ [subject]: 1 });
  });
});

/** What a subscription ends with; it must, within its time. */
function refusal(connection: NatsConnection, subject: string): Promise<Error | null> {
  return new Promise((resolve) => {
    connection.subscribe(subject, { callback: (error) => resolve(error) });
    setTimeout(() => resolve(null), 3_000).unref();
  });
}
