import { Objm, type ObjectStore } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  freePort,
  natsServerAvailable,
  startNatsServer,
  startS3Server,
  type NatsServer,
  type S3Server,
} from '@primatrix/testkit';
import { AwsClient } from 'aws4fetch';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tensorStoreConformance } from './conformance.ts';
import { openTensorStore } from './index.ts';

const tensor = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } as const;
const pathOf = (uri: string) => uri.replace(/^[a-z0-9-]+:/, '').replace(/#.*/, '');

afterEach(() => vi.unstubAllEnvs());

describe('on S3-compatible storage', () => {
  let server: S3Server;
  let client: AwsClient;
  const useServer = () => {
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  };
  beforeAll(async () => {
    server = await startS3Server('tensors');
    client = new AwsClient({ ...server.access, service: 's3', region: 'us-east-1' });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(tensorStoreConformance)('$name', async ({ name, run }) => {
    useServer();
    const prefix = `case ${tensorStoreConformance.findIndex((one) => one.name === name)}`;
    const urlOf = (uri: string) => `${server.endpoint}/tensors/${encodeURIComponent(prefix)}/${pathOf(uri)}`;
    await run({
      store: await openTensorStore(`s3:tensors/${prefix}`),
      overwrite: async ({ uri }, change) => {
        const bytes = new Uint8Array(await (await client.fetch(urlOf(uri))).arrayBuffer());
        const answer = await client.fetch(urlOf(uri), {
          method: 'PUT',
          body: change(bytes) as Uint8Array<ArrayBuffer>,
        });
        expect(answer.status).toBe(200);
      },
      remove: async ({ uri }) => expect((await client.fetch(urlOf(uri), { method: 'DELETE' })).ok).toBe(true),
    });
  });

  it('says what is wrong: no bucket, wrong credentials, no server, none given', async () => {
    useServer();
    const nowhere = await openTensorStore('s3:nowhere');
    await expect(nowhere.put(tensor)).rejects.toMatchObject({
      code: 'TENSOR_IO',
      message: expect.stringMatching(/s3:\/\/nowhere\/tensors\/.*404 NoSuchBucket$/) as string,
    });
    const ref = await (await openTensorStore('s3:tensors')).put(tensor);
    await expect(nowhere.get(ref)).rejects.toMatchObject({ code: 'TENSOR_IO' });
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
    await expect((await openTensorStore('s3:tensors')).get(ref)).rejects.toMatchObject({
      code: 'TENSOR_IO',
      message: expect.stringContaining('403') as string,
    });
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${await freePort()}`);
    await expect((await openTensorStore('s3:tensors')).has(ref)).rejects.toMatchObject({ code: 'TENSOR_IO' });
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    await expect(openTensorStore('s3:tensors')).rejects.toMatchObject({ code: 'STORE_ACCESS' });
    await expect(openTensorStore('s3:')).rejects.toMatchObject({ code: 'STORE_PLACE' });
  });
});

describe.skipIf(!natsServerAvailable())('on the NATS object store', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  beforeAll(async () => {
    server = await startNatsServer();
    connection = await connect({ servers: server.url });
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  it.each(tensorStoreConformance)('$name', async ({ name, run }) => {
    const bucket = `case-${tensorStoreConformance.findIndex((one) => one.name === name)}`;
    const store = await openTensorStore(`nats-object:${bucket}`, connection);
    const objects: ObjectStore = await new Objm(connection).open(bucket);
    const nameOf = (uri: string) => decodeURIComponent(pathOf(uri));
    await run({
      store,
      overwrite: async ({ uri }, change) => {
        const bytes = (await objects.getBlob(nameOf(uri))) ?? new Uint8Array(0);
        await objects.putBlob({ name: nameOf(uri) }, change(bytes));
      },
      remove: async ({ uri }) => void (await objects.delete(nameOf(uri))),
    });
  });

  it('needs a connection', async () => {
    await expect(openTensorStore('nats-object:tensors')).rejects.toMatchObject({ code: 'STORE_PLACE' });
  });
});
