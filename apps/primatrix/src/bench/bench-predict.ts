import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decodeOnly, timing, type Timing } from '@primatrix/perceptual-hash/bench';
import { Predictor, recordsInMemory, type FirstLevelRecord } from '@primatrix/prediction';
import { decodeAudio, describeClip, inspectClip, openFrames, type ClipInspection } from '@primatrix/video';
import { writeCsv } from '../exchange/prediction-formats.ts';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { writeBenchClip } from './bench-clip.ts';

/** What predicting one clip costs on this machine beside its plain decode. Wall times, milliseconds. */
export interface PredictBench {
  readonly clip: string;
  readonly bytes: number;
  readonly frames: number;
  readonly cores: number;
  /** The yardstick, `ffmpeg -i clip -f null -`. */
  readonly plainDecodeMs: Timing;
  /** Parts by themselves, one after another; `predict` does some of them at once. */
  readonly alone: {
    readonly inspectionMs: Timing;
    /** Digest of the file, extremes of its sound. */
    readonly descriptionMs: Timing;
    /** Every frame decoded and handed to Node, nothing done with it. */
    readonly picturesMs: Timing;
    readonly soundMs: Timing;
  };
  /** Within the first level, by `<part> <family>`; `ingest` is the time in which no family computed. */
  readonly familiesMs: Readonly<Record<string, Timing>>;
  /** Neighbours, stackers and ensemble. */
  readonly secondLevelMs: Timing;
  readonly writeMs: Timing;
  /** First level, second level and writing, of a bundle that is open. */
  readonly totalMs: Timing;
  /** total / yardstick of each round. */
  readonly ratio: Timing;
}

/** Which clip is predicted by which bundle, and how often. */
export interface PredictBenchOptions {
  readonly bundle: string;
  /** Default: a synthetic one, see {@link writeBenchClip}. */
  readonly clip?: string;
  /** Default 3, after one that warms the file cache and the compiler. */
  readonly rounds?: number;
}

/**
 * Measures what `predict` takes for one clip, part by part, against a plain decode, in interleaved rounds.
 * @throws BundleError, ClipError; PrimatrixError `IMAGE_HASH_BENCH` if ffmpeg cannot decode the clip
 */
export async function benchPredict({ bundle, clip, rounds = 3 }: PredictBenchOptions): Promise<PredictBench> {
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-bench-'));
  const predictor = await Predictor.open(bundle, await installedFamilies(), featureContext({ device: 'cpu' }));
  try {
    const path = clip ?? (await writeBenchClip(join(folder, 'clip.mp4')));
    const lists = new Map<string, number[]>();
    const families = new Set<string>();
    let frames = 0;
    for (let round = -1; round < rounds; round++) {
      const parts = await measureOnce(predictor, path, join(folder, 'predictions.csv'));
      if (round < 0) continue;
      frames = parts.frames;
      for (const [name, ms] of [...parts.ms, ...parts.familiesMs]) lists.set(name, [...(lists.get(name) ?? []), ms]);
      for (const name of parts.familiesMs.keys()) families.add(name);
    }
    const of = (name: string): Timing => timing(lists.get(name) ?? []);
    return {
      clip: clip ?? 'synthetic',
      bytes: (await stat(path)).size,
      frames,
      cores: availableParallelism(),
      plainDecodeMs: of('plain'),
      alone: {
        inspectionMs: of('inspection'),
        descriptionMs: of('description'),
        picturesMs: of('pictures'),
        soundMs: of('sound'),
      },
      familiesMs: Object.fromEntries([...families].map((name) => [name, of(name)])),
      secondLevelMs: of('second-level'),
      writeMs: of('write'),
      totalMs: of('total'),
      ratio: of('ratio'),
    };
  } finally {
    await predictor.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureOnce(
  predictor: Predictor,
  path: string,
  out: string,
): Promise<{ ms: Map<string, number>; familiesMs: Map<string, number>; frames: number }> {
  const ms = new Map<string, number>();
  const familiesMs = new Map<string, number>();
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await run();
    ms.set(name, performance.now() - start);
    return result;
  };
  const { signal } = new AbortController();
  await timed('plain', () => decodeOnly(path));
  const inspection = await timed('inspection', () => inspectClip(path));
  await timed('description', () => describeClip(inspection));
  const frames = await timed('pictures', () => countFrames(path, inspection));
  await timed('sound', () => decodeAudio(path));
  const watch = {
    now: () => performance.now(),
    onStage: ({ family, part, seconds }: { family: string; part: string; seconds: number }) =>
      void familiesMs.set(`${part} ${family}`, seconds * 1000),
  };
  await timed('total', async () => {
    const record: FirstLevelRecord = await predictor.firstLevel({ filename: basename(path), path }, signal, watch);
    const predictions = await timed('second-level', () => predictor.secondLevel(recordsInMemory([record])));
    const set = { classes: predictor.manifest.classes, warnings: predictor.warnings, predictions };
    await timed('write', () => writeCsv(out, set));
  });
  ms.set('ratio', (ms.get('total') ?? 0) / (ms.get('plain') ?? 1));
  return { ms, familiesMs, frames };
}

/** None where the clip is sound alone. */
async function countFrames(path: string, inspection: ClipInspection): Promise<number> {
  let frames = 0;
  if (inspection.video !== null) {
    for await (const { index } of await openFrames(path, { inspection, reuseBuffers: true })) frames = index + 1;
  }
  return frames;
}
