import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { trace } from '@opentelemetry/api';
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ClipMetadata, Tensor, TensorRef } from '@primatrix/contracts';
import { discoverFamilies } from '@primatrix/families';
import { JetStreamBus } from '@primatrix/messaging';
import { Predictor } from '@primatrix/prediction';
import {
  Requester,
  bundleParts,
  clipQuestion,
  openAnswers,
  ServiceWatch,
  startJoiner,
  startService,
  type ServedPart,
} from '@primatrix/services';
import { FileTensorStore, type TensorStore } from '@primatrix/tensor-store';
import { sharedData, startNatsServer, temporaryFolder, workspaceRoot, type NatsServer } from '@primatrix/testkit';
import { jsonLog } from '@primatrix/telemetry';
import { expect, inject, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');

/** What a laptop's families make of a clip of 15 s: tensors of these sizes. */
const features = { vgg16: [16, 512], 'mobilenet-v2': [16, 1280], 'image-hash': [360, 128], audio: [1, 34] };
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 360, framesExpected: 360 } as const;
const metadata: ClipMetadata = {
  file: 'x',
  bytes: 1,
  sha256: 'a'.repeat(64),
  container: 'mp4',
  videoCodec: 'h264',
  width: 720,
  height: 404,
  fps: 24,
  frames: 360,
  durationSeconds: 15,
  capturedAt: null,
  audio: null,
};

/** Each round measures messages and computing, so that what else the machine does falls on both. */
const rounds = 5;
const clipsARound = 200;
/** As services have them that compute: one clip a core, and some between them. With hundreds at once, what is sent together costs less. */
const clipsAtOnce = 4;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const statOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
/** User and system time of a process, milliseconds; a tick is 10 ms. */
const cpuMs = (pid: number) => 10 * (Number(statOf(pid)[11]) + Number(statOf(pid)[12]));
/** Of processes that this one started and that have ended: ffmpeg. */
const childrenMs = () => 10 * (Number(statOf(process.pid)[13]) + Number(statOf(process.pid)[14]));
const ownMs = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000;

/** Keeps tensors in memory: what is left of the cost is messages and states. */
function memoryStore(): TensorStore {
  const kept = new Map<string, Tensor>();
  const put = async (tensor: Tensor): Promise<TensorRef> => {
    const uri = `file:${kept.size}#data`;
    kept.set(uri, tensor);
    return {
      uri,
      dtype: tensor.dtype,
      shape: [...tensor.shape],
      sha256: kept.size.toString(16).padStart(64, '0'),
      bytes: 1,
    };
  };
  const unneeded = () => {
    throw new Error('not needed here');
  };
  return {
    put,
    putAll: unneeded,
    prune: unneeded,
    get: async ({ uri }) => kept.get(uri) as Tensor,
    has: async ({ uri }) => kept.has(uri),
  };
}

/** Services of a bundle that compute nothing, and clips for them; returns the CPU that a clip costs, milliseconds. */
async function startCourier(
  server: NatsServer,
  bus: JetStreamBus,
  store: TensorStore,
  { manifest, digest }: Pick<Predictor, 'manifest' | 'digest'>,
  watch?: ServiceWatch,
): Promise<(clips: number) => Promise<number>> {
  watch?.follow(bus);
  const watched = watch === undefined ? {} : { watch };
  const tensorOf = (name: string, shape: readonly number[], seed: number): Tensor => {
    const length = shape.reduce((a, b) => a * b, 1);
    if (name !== 'image-hash') {
      return { dtype: 'float32', shape: [...shape], data: new Float32Array(length).fill(seed) };
    }
    return { dtype: 'uint8', shape: [...shape], data: new Uint8Array(length).fill(seed % 2) };
  };
  for (const part of bundleParts(manifest)) {
    const work: ServedPart['work'] = async ({ clipId, payload }) => {
      if (part.stage === 'ingest') return { facts: { metadata, outcome: null } };
      if (part.stage === 'features') {
        const shape = features[part.name as keyof typeof features];
        return {
          tensors: {
            features: await store.put(tensorOf(part.name, shape, Number.parseInt(clipId?.slice(0, 8) ?? '', 16))),
          },
          facts: { outcome, looked: true, listened: false, row: { a: 1, b: 2 } },
        };
      }
      const [first = 0] = (
        await store.get(payload.tensors['features'] as NonNullable<(typeof payload.tensors)[string]>)
      ).data as Float32Array | Uint8Array;
      return {
        tensors: {
          probabilities: await store.put({
            dtype: 'float64',
            shape: [manifest.classes.length],
            data: new Float64Array(manifest.classes.length).fill(first),
          }),
        },
        facts: { padding: null },
      };
    };
    if (part.stage === 'ingest' || part.stage === 'features' || part.stage === 'nets') {
      await startService(
        { part, producer: { name: part.family, version: '1.0.0', modelDigest: null }, work, dispose: async () => {} },
        { bus, ...watched },
      );
    }
  }
  await startJoiner({ bus, store, manifest, digest, now: Date.now, ...watched });
  const requester = new Requester(bus, await openAnswers(bus), 'load', {
    bundle: digest,
    datasetId: 'load',
    producer: { name: 'load', version: '1.0.0', modelDigest: null },
  });
  let next = 0;
  return async (clips) => {
    const before = ownMs() + cpuMs(server.pid ?? 0);
    const end = next + clips;
    const ask = async () => {
      while (next < end) {
        const i = next++;
        const clipId = i.toString(16).padStart(8, '0').padEnd(64, '0');
        const ref = { uri: `file:///${i}`, sha256: clipId, bytes: 1 };
        const { event } = await requester.ask(clipQuestion(digest, { ref, filename: `${i}` }, i));
        expect(event).toBe('ready');
      }
    };
    await Promise.all(Array.from({ length: clipsAtOnce }, ask));
    return (ownMs() + cpuMs(server.pid ?? 0) - before) / clips;
  };
}

/** Runs with spans recorded. A clip has 19: asked for, admitted, eight pieces of work, each taken note of, finished; the last ones may end after the answer. */
async function withSpans<T>(work: () => Promise<T>): Promise<T> {
  const exporter = new InMemorySpanExporter();
  const spans = new BatchSpanProcessor({ exporter, maxQueueSize: 100_000 });
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [spans] }));
  try {
    const result = await work();
    await spans.forceFlush();
    expect(exporter.getFinishedSpans().length).toBeGreaterThanOrEqual(50 * 18);
    return result;
  } finally {
    trace.disable();
  }
}

/** The laptop profile's bundle: PRIMATRIX_BUNDLE, or one that is trained now (minutes). */
async function laptopBundle(folder: string): Promise<string> {
  const ready = process.env['PRIMATRIX_BUNDLE'];
  if (ready !== undefined) return ready;
  await run(['train', '--dataset', sample.dataset, '--artifacts', folder]);
  return join(folder, 'sample/bundle');
}

it('costs little to lead a clip through services, by what computing it costs', { timeout: 1_800_000 }, async () => {
  await using folder = await temporaryFolder();
  const bundle = await laptopBundle(folder.join('artifacts'));
  expect(existsSync(join(bundle, 'bundle.json'))).toBe(true);
  const families = await discoverFamilies(pathToFileURL(join(workspaceRoot(), 'apps/primatrix/')));
  const predictor = await Predictor.open(bundle, families, {
    weightsDir: '/nonexistent/weights',
    threads: availableParallelism(),
    device: 'cpu',
  });
  const clipFolder = sharedData('clips') ?? join(sample.dataset, 'clips');
  const clips = (await readdir(clipFolder)).filter((name) => /\.(mp4|avi|asf)$/i.test(name)).slice(0, 6);
  const compute = async (name: string) => {
    const before = ownMs() + childrenMs();
    const { outcome: ended } = await predictor.firstLevel(
      { filename: name, path: join(clipFolder, name) },
      new AbortController().signal,
    );
    expect(ended.status).not.toBe('failed');
    return ownMs() + childrenMs() - before;
  };

  await using server = await startNatsServer();
  await using other = await startNatsServer();
  await using bus = await JetStreamBus.connect(server.url);
  await using otherBus = await JetStreamBus.connect(other.url);
  await using third = await startNatsServer();
  await using watchedBus = await JetStreamBus.connect(third.url);
  expect(bundleParts(predictor.manifest).filter(({ stage }) => stage === 'features' || stage === 'nets')).toHaveLength(
    7,
  );
  const withFiles = await startCourier(server, bus, new FileTensorStore(folder.join('store')), predictor);
  const without = await startCourier(other, otherBus, memoryStore(), predictor);
  // What watching adds to messages and states: counting, lines into nothing, and then spans into memory too.
  const nowhere = openSync('/dev/null', 'w');
  const watch = new ServiceWatch(
    jsonLog(
      (line) => void writeSync(nowhere, line),
      () => new Date(),
    ),
  );
  const watched = await startCourier(third, watchedBus, memoryStore(), predictor, watch);
  const traced = (clips: number) => withSpans(() => watched(clips));
  // The first of all warm caches and compilers.
  for (const name of clips.slice(0, 2)) await compute(name);
  for (const measure of [withFiles, without, watched, traced]) await measure(50);
  const measured: { computing: number; messages: number; watched: number; traced: number; all: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const computing: number[] = [];
    for (const name of clips) computing.push(await compute(name));
    measured.push({
      computing: median(computing),
      messages: await without(clipsARound),
      watched: await watched(clipsARound),
      traced: await traced(clipsARound),
      all: await withFiles(clipsARound),
    });
  }
  const cpuOf = (of: keyof (typeof measured)[number]) => Number(median(measured.map((round) => round[of])).toFixed(1));
  const percent = (of: 'messages' | 'all') =>
    Number(median(measured.map((round) => (100 * round[of]) / round.computing)).toFixed(2));
  process.stdout.write(
    `${JSON.stringify({ computingCpuMs: cpuOf('computing'), messagesCpuMs: cpuOf('messages'), watchedCpuMs: cpuOf('watched'), tracedCpuMs: cpuOf('traced'), withTensorsCpuMs: cpuOf('all'), messagesPercent: percent('messages'), withTensorsPercent: percent('all') })}\n`,
  );
  expect([
    ...(await bus.deadLetters()),
    ...(await otherBus.deadLetters()),
    ...(await watchedBus.deadLetters()),
  ]).toEqual([]);
  expect((await watch.metrics.text()).body).toMatch(
    new RegExp(`part="joiner".*} ${2 * (50 + rounds * clipsARound)}\n`),
  );
  closeSync(nowhere);
  await predictor.dispose();
});
