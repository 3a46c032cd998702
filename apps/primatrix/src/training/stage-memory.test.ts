import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Dataset } from '@primatrix/dataset';
import type { Family, FeatureFamily, JsonValue } from '@primatrix/families';
import { writeTable } from '@primatrix/feature-table';
import { Rng } from '@primatrix/rng';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { stageId, trainPlan, type Training } from '@primatrix/training';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installedFamilies } from '../installed-families.ts';

// 12,000 labelled and 3,000 test clips of 300 columns: 36 MB as float64, so that what grows can be measured.
const [labelled, test, columns] = [12_000, 3_000, 300];
const classes = ['a', 'b', 'c'];
const names = Array.from({ length: columns }, (_, i) => `c${i}`);

/** A few rounds or steps hold as much as many. */
function soon(settings: JsonValue): JsonValue {
  const own = settings as { readonly [key: string]: JsonValue };
  const train = own['train'] as { readonly [key: string]: JsonValue } | undefined;
  return train === undefined
    ? { ...own, rounds: 2, patience: 2 }
    : { ...own, train: { ...train, stepsPerEpoch: 2, maxEpochs: 1 } };
}

let folder: TemporaryFolder;
let training: Training;
const stacks: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-memory-');
  const families = (await installedFamilies()).flatMap((family): Family[] => {
    if (family.kind === 'nets' || family.kind === 'features') return [];
    if (family.kind !== 'stack') return [family];
    const [variant = '', settings = null] = Object.entries(family.variants.competition)[0] ?? [];
    stacks.push(`${family.name}:train-${variant}`);
    return [{ ...family, variants: { ...family.variants, laptop: { [variant]: soon(settings) } } }];
  });
  const sums = { kind: 'features', name: 'sums', version: '1.0.0', rowsAlone: ['laptop'], settings: { laptop: {} } };
  const rng = Rng.of(1, 'memory');
  const clips = Array.from({ length: labelled + test }, (_, i) => ({
    ...{ filename: `${String(i).padStart(6, '0')}.mp4`, path: '', bytes: 1 },
    ...(i < labelled
      ? { split: 'train' as const, labels: Uint8Array.from(classes, (_c, c) => Number(c === i % 3)) }
      : { split: 'test' as const }),
  }));
  const keys = clips.map(({ filename }) => filename);
  training = {
    dataset: { name: 'd', digest: 'd', classes, clips } as unknown as Dataset,
    ...{ artifacts: folder.path, profile: 'laptop', folds: 2, seed: 1 },
    families: [...families, sums as unknown as FeatureFamily],
    context: { weightsDir: '', threads: 1, device: 'cpu' },
  };
  for (const name of ['ingest', 'features/sums', 'neighbours']) await mkdir(folder.join(name), { recursive: true });
  const metadata = {
    ...{ file: '', bytes: 1, sha256: '', container: '', videoCodec: null, width: null, height: null, fps: null },
    ...{ frames: 0, durationSeconds: 0, capturedAt: null, audio: null },
  };
  const lines = (head: object, of: (clip: (typeof clips)[number]) => object) =>
    [head, ...clips.map(of)].map((line) => JSON.stringify(line)).join('\n') + '\n';
  await writeFile(
    folder.join('ingest/clips.jsonl'),
    lines({ clips: clips.length }, ({ filename, split }) => ({ filename, split, metadata, fault: null, reason: '' })),
  );
  const folds = [0, 1].map((fold) => keys.slice(0, labelled).filter((_, i) => i % 2 === fold));
  await writeFile(folder.join('ingest/folds.json'), JSON.stringify(folds));
  const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 };
  const weights = { source: 'none', digest: null, note: '' };
  await writeFile(
    folder.join('features/sums/index.jsonl'),
    lines({ feature: 'sums', version: '1.0.0', weights, columns: names, clips: clips.length }, ({ filename }) => ({
      entry: { filename, key: '', outcome, file: null, sha256: null, bytes: 0, shape: null },
      row: [],
    })),
  );
  const random = (of: readonly string[]) =>
    of.map((name) => ({ name, values: Float64Array.from(keys, () => rng.normal()) }));
  await writeTable(folder.join('features/sums/rows.parquet'), { keys, columns: random(names) });
  await writeTable(folder.join('ingest/columns.parquet'), { keys, columns: random(['bytes']) });
  for (const split of ['train', 'test', 'other']) {
    await writeTable(folder.join(`neighbours/${split}.parquet`), { keys, columns: random(['none']) });
  }
}, 120_000);
afterAll(() => folder.remove());

const linux = process.platform === 'linux';

/** Most bytes of this process while something runs, over what it had before. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  const bytes = async (field: string) =>
    1024 * Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(await readFile('/proc/self/status', 'utf8'))?.[1]);
  // Has the system forget the peak so far.
  await writeFile('/proc/self/clear_refs', '5');
  const before = await bytes('VmRSS');
  await work();
  return (await bytes('VmHWM')) - before;
}

it.skipIf(!linux)(
  'stages of the second level hold no more than they declare',
  async () => {
    const plan = new Map(trainPlan(training).map((stage) => [stageId(stage), stage]));
    for (const id of ['neighbours:table', ...stacks]) {
      const stage = plan.get(id);
      const declared = (await stage?.memory?.()) ?? Number.NaN;
      const run = { signal: new AbortController().signal, threads: 1, report: () => undefined, key: 'k' };
      const measured = await peakOf(async () => stage?.run(run));
      expect(measured, id).toBeLessThan(declared);
      // Or a plan would run too little at once.
      expect(declared - 0.5e9, id).toBeLessThan(4 * measured);
    }
  },
  300_000,
);
