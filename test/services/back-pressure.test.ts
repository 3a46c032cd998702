import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '@primatrix/contracts';
import { announcedServices, JetStreamBus, messageIdOf } from '@primatrix/messaging';
import { bundleParts, startService, type BundlePart } from '@primatrix/services';
import { natsServerAvailable, smallClip, startNatsServer, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it, vi } from 'vitest';
import { start } from '../support/primatrix.ts';

const sample = inject('trainedSample');

/** More clips than may be on their way; the full number is measured on demand. */
const clips = process.env['PRIMATRIX_LOAD'] === undefined ? 1_500 : 10_000;
const few = 100;
const onTheirWay = 500;
/** What may be kept of so many clips, MiB: much less than their messages, and room for the collector's moods. */
const slackMiB = 64;

function requestOf(n: number, release: string): Message {
  const work = { stage: 'clips', family: 'joiner', event: 'requested' } as const;
  const clipId = createHash('sha256').update(`clip ${n}`).digest('hex');
  const context = { bundle: '', key: `flood.${n}`, part: 'joiner', round: 0, keep: false };
  return {
    schemaVersion: 1,
    id: messageIdOf({ ...work, inputs: n, settings: null }),
    ...work,
    release,
    datasetId: 'test',
    clipId,
    producer: { name: 'test', version: '1.0.0', modelDigest: null },
    payload: {
      tensors: {},
      files: { clip: { uri: `file:///${n}.mp4`, sha256: clipId, bytes: 1 } },
      filename: `${n}.mp4`,
      site: null,
      capturedAt: null,
      policy: { withoutAfterMs: null },
      versions: {},
      context,
    },
    failure: null,
    timings: {},
  };
}

describe.skipIf(!natsServerAvailable())('a family that does not keep up', () => {
  it('makes producers wait, whose memory does not grow with what waits', async () => {
    await using folder = await temporaryFolder();
    await using server = await startNatsServer();
    await using bus = await JetStreamBus.connect(server.url);
    const parts = bundleParts(
      JSON.parse(await readFile(join(sample.bundle, 'bundle.json'), 'utf8')) as Parameters<typeof bundleParts>[0],
    );
    const [ingest] = parts as [BundlePart];
    const slow = parts.find(({ name }) => name === 'image-hash') as BundlePart;
    const queued = async () => {
      const subject = `primatrix.v1.features.image-hash.requested.${slow.release}`;
      const answer = await bus.connection.request(
        '$JS.API.STREAM.INFO.PRIMATRIX_V1_WORK',
        JSON.stringify({ subjects_filter: subject }),
      );
      return answer.json<{ state: { subjects?: Record<string, number> } }>().state.subjects?.[subject] ?? 0;
    };
    const wait = (count: number) =>
      vi.waitUntil(async () => (await queued()) >= count, { timeout: 120_000, interval: 50 });
    // Ingest answers at once; nobody takes what the hashes are asked for.
    const metadata = smallClip('');
    await startService(
      {
        part: ingest,
        producer: { name: 'test', version: '1.0.0', modelDigest: null },
        work: async ({ clipId }) => ({ facts: { metadata: { ...metadata, sha256: clipId ?? '' }, outcome: null } }),
        dispose: async () => {},
      },
      { bus, concurrency: 32 },
    );
    const env = { NATS_URL: server.url };
    const shared = ['--bundle', sample.bundle, '--store', folder.join('store')];
    // Garbage is not what waits: in a small heap there is room for what is kept alone, and the joiner would die of more.
    const joiner = start(['serve', 'joiner', ...shared], {
      env: { ...env, NODE_OPTIONS: '--max-old-space-size=56 --max-semi-space-size=4' },
    });
    const submit = async (name: string, count: number) => {
      await mkdir(folder.join(name));
      for (let i = 0; i < count; i++) await writeFile(folder.join(name, `${i}.mp4`), `${name} ${i}`);
      return start(['predict', folder.join(name), ...shared, '--remote', '--out', folder.join(`${name}.csv`)], { env });
    };
    const running = [joiner];
    try {
      const small = await submit('few', few);
      running.push(small);
      await wait(few);
      const before = { client: small.peakMiB(), joiner: joiner.peakMiB() };
      const large = await submit('many', clips);
      running.push(large);
      await wait(few + onTheirWay);
      // The rest waits where it is: in a list of names.
      expect(await queued()).toBe(few + onTheirWay);
      // A producer that does not wait for answers fills the queue itself; the joiner must stand that too.
      const release = (await announcedServices(bus.connection, 'joiner'))[0]?.metadata['release'] ?? '';
      for (let i = 0; i < clips; i++) await bus.publish(requestOf(i, release));
      await wait(few + onTheirWay + clips);
      const after = { client: large.peakMiB(), joiner: joiner.peakMiB() };
      if (process.env['PRIMATRIX_LOAD'] !== undefined) {
        process.stdout.write(`${JSON.stringify({ queued: await queued(), before, after })}\n`);
      }
      expect(after.client - before.client).toBeLessThan(slackMiB);
      expect(after.joiner - before.joiner).toBeLessThan(slackMiB);
      expect(await bus.deadLetters()).toEqual([]);
    } finally {
      for (const each of running) each.kill('SIGKILL');
      await Promise.all(running.map(({ ended }) => ended));
    }
  });
});
