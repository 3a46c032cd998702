import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { trace } from '@opentelemetry/api';
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ClipMetadata, Tensor, TensorRef } from '@primatrix/contracts';
import { JetStreamBus } from '@primatrix/messaging';
import { Asker, bundleParts, joinerReleaseOf, openAnswers, ServiceWatch, startJoiner, startService, type ServedPart } from '@primatrix/services';
import { FileTensorStore, type TensorStore } from '@primatrix/tensor-store';
import { startNatsServer, temporaryFolder } from '@primatrix/testkit';
import { jsonLog } from '@primatrix/watching';
import { expect, it } from 'vitest';

const digest = 'a'.repeat(64);
const identity = (family: string) => ({ family, version: '1.0.0' });
const features = { vgg16: [16, 512], 'mobilenet-v2': [16, 1280], 'image-hash': [360, 128], audio: [1, 34] };
const models = [{ path: 'x', sha256: digest }];
/** The parts of the laptop profile's first level, with tensors of their size. */
const manifest: Parameters<typeof bundleParts>[0] = {
  schema: 2,
  profile: 'laptop',
  dataset: { name: 'load', digest },
  classes: Array.from({ length: 24 }, (_, i) => `class ${i}`),
  metadata: { ...identity('video-ingest'), reference: null },
  neighbours: { ...identity('neighbours'), nets: [], ks: [1], order: 'site' },
  features: Object.keys(features).map((feature) => ({ ...identity(`family-${feature}`), feature, settings: null, weightsDigest: null, weights: '', weightsFiles: [] })),
  nets: ['vgg16', 'mobilenet-v2', 'image-hash'].map((feature) => ({ ...identity(`net-${feature}`), feature, input: [1], crop: [1], crops: 1, padding: 'repeat' as const, models })),
  stacks: [],
  ensemble: { ...identity('ensemble'), weights: {}, calibration: { method: 'none' }, thresholds: { answers: [], note: '' } },
};
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 360, framesExpected: 360 } as const;
const metadata: ClipMetadata = { file: 'x', bytes: 1, sha256: digest, container: 'mp4', videoCodec: 'h264', width: 720, height: 404, fps: 24, frames: 360, durationSeconds: 15, capturedAt: null, audio: null };

/** User and system time of a process, milliseconds; a tick is 10 ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Keeps tensors in memory: what is left of the cost is messages and states. */
function memoryStore(): TensorStore {
  const kept = new Map<string, Tensor>();
  const put = async (tensor: Tensor): Promise<TensorRef> => {
    const uri = `file:${kept.size}#data`;
    kept.set(uri, tensor);
    return { uri, dtype: tensor.dtype, shape: [...tensor.shape], sha256: kept.size.toString(16).padStart(64, '0'), bytes: 1 };
  };
  return {
    put,
    putAll: () => Promise.reject(new Error('not needed here')),
    get: async ({ uri }) => kept.get(uri) as Tensor,
    has: async ({ uri }) => kept.has(uri),
  };
}

it.each([
  ['messages and states', () => memoryStore()],
  ['messages, states and tensors as files', (folder: string) => new FileTensorStore(folder)],
  // What watching adds to the first: lines into nothing, spans into memory.
  ['messages and states, counted and logged', () => memoryStore()],
  ['messages and states, counted, logged and traced', () => memoryStore()],
])('what one clip costs: %s', { timeout: 600_000 }, async (what, storeIn) => {
  await using folder = await temporaryFolder();
  await using server = await startNatsServer();
  await using bus = await JetStreamBus.connect(server.url);
  const store = storeIn(folder.path);
  const nowhere = openSync('/dev/null', 'w');
  const watch = new ServiceWatch(jsonLog((line) => void writeSync(nowhere, line), () => new Date()));
  watch.follow(bus);
  const watched = what.includes('counted') ? { watch } : {};
  const exporter = new InMemorySpanExporter();
  const spans = new BatchSpanProcessor({ exporter, maxQueueSize: 100_000 });
  if (what.includes('traced')) trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [spans] }));
  const tensorOf = (name: string, shape: readonly number[], seed: number): Tensor => {
    const length = shape.reduce((a, b) => a * b, 1);
    if (name !== 'image-hash') return { dtype: 'float32', shape: [...shape], data: new Float32Array(length).fill(seed) };
    return { dtype: 'uint8', shape: [...shape], data: new Uint8Array(length).fill(seed % 2) };
  };
  for (const part of bundleParts(manifest)) {
    const work: ServedPart['work'] = async ({ clipId, payload }) => {
      if (part.stage === 'ingest') return { facts: { metadata, outcome: null } };
      if (part.stage === 'features') {
        const shape = features[part.name as keyof typeof features];
        return { tensors: { features: await store.put(tensorOf(part.name, shape, Number.parseInt(clipId?.slice(0, 8) ?? '', 16))) }, facts: { outcome, looked: true, listened: false, row: { a: 1, b: 2 } } };
      }
      const [first = 0] = (await store.get(payload.tensors['features'] as NonNullable<(typeof payload.tensors)[string]>)).data as Float32Array | Uint8Array;
      return { tensors: { probabilities: await store.put({ dtype: 'float64', shape: [24], data: new Float64Array(24).fill(first) }) }, facts: { padding: null } };
    };
    if (part.stage !== 'ensemble') await startService({ part, producer: { name: part.family, version: '1.0.0', modelDigest: null }, work, dispose: async () => {} }, { bus, ...watched });
  }
  await startJoiner({ bus, store, manifest, digest, now: Date.now, ...watched });
  await using asker = new Asker(bus, await openAnswers(bus), 'load', { bundle: digest, datasetId: 'load', producer: { name: 'load', version: '1.0.0', modelDigest: null } });
  const predict = async (from: number, count: number) => {
    const ask = async (i: number) => {
      const clipId = i.toString(16).padStart(8, '0').padEnd(64, '0');
      const payload = { tensors: {}, files: { clip: { uri: `file:///${i}`, sha256: clipId, bytes: 1 } }, filename: `${i}`, site: null, capturedAt: null, policy: { withoutAfterMs: null }, versions: {} };
      const { event } = await asker.ask({ stage: 'clips', family: 'joiner', part: 'joiner', release: joinerReleaseOf(digest), clipId, payload, inputs: i });
      expect(event).toBe('ready');
    };
    await Promise.all(Array.from({ length: count }, (_, i) => ask(from + i)));
  };
  await predict(0, 50);
  const own = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
  const before = { own: own(), broker: cpuMs(server.pid ?? 0), wall: performance.now() };
  const clips = 400;
  await predict(50, clips);
  const perClip = { servicesCpuMs: (own() - before.own) / clips, brokerCpuMs: (cpuMs(server.pid ?? 0) - before.broker) / clips, wallMs: (performance.now() - before.wall) / clips };
  process.stdout.write(`${JSON.stringify({ what, clips, ...perClip })}\n`);
  expect(await bus.deadLetters()).toEqual([]);
  if (what.includes('counted')) expect((await watch.metrics.text()).body).toMatch(new RegExp(`part="joiner".*} ${50 + clips}\n`));
  await spans.forceFlush();
  // Each clip: asked for, admitted, eight pieces of work, each taken note of, and finished.
  if (what.includes('traced')) expect(exporter.getFinishedSpans().length).toBeGreaterThanOrEqual((50 + clips) * 19);
  trace.disable();
  closeSync(nowhere);
});
