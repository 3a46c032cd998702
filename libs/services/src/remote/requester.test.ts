import { writeFile } from 'node:fs/promises';
import type { Message } from '@primatrix/contracts';
import { JetStreamBus, Records } from '@primatrix/messaging';
import { natsServerAvailable, startNatsServer, temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { Requester } from './requester.ts';

it.skipIf(!natsServerAvailable())('tells those who wait where answers cannot be kept any more', async () => {
  await using folder = await temporaryFolder();
  const file = folder.join('nats.conf');
  await writeFile(file, `jetstream { store_dir: "${folder.join('store')}", max_file_store: 2MB }\n`);
  await using server = await startNatsServer({ file, env: {} });
  await using bus = await JetStreamBus.connect(server.url);
  const answers = await Records.open<Message>(bus.connection, 'answers', { ttlMs: 60_000 });
  const others = await Records.open<string>(bus.connection, 'others', { ttlMs: 60_000 });
  const origin = {
    bundle: 'b'.repeat(64),
    datasetId: 'test',
    producer: { name: 'test', version: '1.0.0', modelDigest: null },
  };
  await using requester = new Requester(bus, answers, 'run', origin, { silenceMs: 300 });
  const asked = requester.ask({
    stage: 'stack',
    family: 'stack-a',
    part: 'stack-a',
    release: 'r',
    clipId: null,
    payload: { tensors: {}, files: {} },
    inputs: 1,
  });
  asked.catch(() => {});
  const filled = async () => {
    for (let i = 0; (await others.noRoom()) === undefined; i++) await others.put(`${i}`, 'x'.repeat(100_000));
  };
  filled().catch(() => {});
  await expect(asked).rejects.toMatchObject({
    code: 'BUS_STORAGE',
    message: 'messaging: records: answers: NATS has no room to keep it: insufficient resources',
  });
});
