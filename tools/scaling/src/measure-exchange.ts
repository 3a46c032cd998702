import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JetStreamBus } from '@primatrix/messaging';
import { Requester, bundleParts, clipQuestion, openAnswers, startService, type Service } from '@primatrix/services';
import type { NatsServer } from '@primatrix/testkit';
import type { BundleManifest } from '@primatrix/prediction';
import type { Answers } from './measure-parts.ts';
import type { MeasuredClip } from './measured-clips.ts';
import type { Exchange } from './measurements.ts';
import { tapMessages } from './message-tap.ts';
import { cpuSecondsOf, rounded } from './recorded-part.ts';

export interface MeasureExchangeOptions {
  readonly server: NatsServer;
  /** Folder that the answers' tensors lie in. */
  readonly store: string;
  readonly bundle: string;
  readonly manifest: BundleManifest;
  readonly digest: string;
  readonly clips: readonly MeasuredClip[];
  readonly answers: Answers;
}

/** Seen from src/ and from dist/ alike. */
const joinerProgram = fileURLToPath(new URL('../dist/joiner-process.js', import.meta.url));

const timedClips = 300;
const countedClips = 28;
/** Joiners of other bundles, which hear all announcements too. */
const otherEars = 4;

/**
 * What messages and states of a clip cost: the joiner, in a process of its own, leads clips through services that answer
 * at once what the real ones answered before.
 */
export async function measureExchange({
  server,
  store,
  bundle,
  manifest,
  digest,
  clips,
  answers,
}: MeasureExchangeOptions): Promise<Exchange> {
  const first = bundleParts(manifest).filter(
    ({ stage }) => stage === 'ingest' || stage === 'features' || stage === 'nets',
  );
  await using bus = await JetStreamBus.connect(server.url);
  const places = new Map(clips.map(({ ref }, index) => [ref.sha256, index]));
  const services: Service[] = [];
  for (const part of first) {
    const work = async (request: { clipId: string | null }) =>
      answers[part.name]?.[places.get(request.clipId ?? '') ?? 0] ?? {};
    const producer = { name: `@primatrix/${part.family}`, version: part.version, modelDigest: part.modelDigest };
    services.push(await startService({ part, producer, work, dispose: async () => {} }, { bus, concurrency: 4 }));
  }
  const joiner = fork(joinerProgram, [server.url, store, bundle]);
  try {
    await once(joiner, 'message');
    await using requester = new Requester(bus, await openAnswers(bus), 'exchange', {
      bundle: digest,
      datasetId: 'scaling',
      producer: { name: '@primatrix/scaling', version: '0.1.0', modelDigest: null },
    });
    const predict = async (count: number, round: string) => {
      const ask = async (i: number) => {
        const { ref, filename } = clips[i % clips.length] as MeasuredClip;
        const { event } = await requester.ask(clipQuestion(digest, { ref, filename }, { round, i }));
        if (event !== 'ready') throw new Error(`scaling: the joiner answered '${event}' of ${filename}`);
      };
      await Promise.all(Array.from({ length: count }, (_, i) => ask(i)));
    };
    await predict(clips.length, 'warm-up');
    const cpu = () => ({ broker: cpuSecondsOf(server.pid ?? 0), joiner: cpuSecondsOf(joiner.pid ?? 0) });
    const before = cpu();
    await predict(timedClips, 'timed');
    const after = cpu();
    const ears = await Promise.all(
      Array.from({ length: otherEars }, (_, i) =>
        bus.consume(
          { filter: { stage: '*', family: '*', event: 'ready' }, durable: `ear-${i}`, concurrency: 16, from: 'now' },
          async () => {},
        ),
      ),
    );
    const beforeEars = cpu();
    await predict(timedClips, 'with ears');
    const afterEars = cpu();
    await Promise.all(ears.map((ear) => ear.stop()));
    const tap = await tapMessages(server.url);
    await predict(countedClips, 'counted');
    // The last clip's acknowledgements are still on their way.
    await sleep(500);
    const counts = tap.counts();
    await tap.stop();
    const share = (total: number) => rounded(total / countedClips);
    const traffic = Object.fromEntries(
      Object.entries(counts)
        .sort()
        .map(([kind, { messages, bytes }]) => [
          kind,
          { messages: share(messages), bytes: Math.round(bytes / countedClips) },
        ]),
    );
    return {
      parts: first.length,
      clips: timedClips,
      brokerCpuSeconds: rounded((after.broker - before.broker) / timedClips),
      otherBundles: { ears: otherEars, brokerCpuSeconds: rounded((afterEars.broker - beforeEars.broker) / timedClips) },
      joinerCpuSeconds: rounded((after.joiner - before.joiner) / timedClips),
      traffic,
    };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    const ended = once(joiner, 'exit');
    if (joiner.connected) joiner.disconnect();
    if (joiner.exitCode === null) await ended;
  }
}
