import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder, writeFileAtomic } from '@primatrix/files';
import { describeClip } from './describe.ts';
import { SampleFolderError } from './errors.ts';
import { clipHeight, clipWidth, makeClip } from './make-clip.ts';
import { countClasses, planSample, type ClipPlan, type SampleDamage } from './plan.ts';
import { findSample, publishFolder, sealSample } from './sample-folder.ts';
import { drawScenery, type Scenery } from './scenery.ts';
import { sites } from './sites.ts';
import { sampleTables } from './tables.ts';
import type { SampleSplit } from './visits.ts';

/** Where a sample is made, how large, and from which seed. */
export interface SampleOptions {
  /** Folder to make; absent, empty, or this very sample. */
  readonly out: string;
  /** Clips in all, 16 to 10,000; 96 unless told. */
  readonly clips?: number;
  /** 0 to 4294967295; 1 unless told. */
  readonly seed?: number;
  /** Called after each finished clip. */
  readonly onProgress?: (progress: SampleProgress) => void;
  /** Stops the work; nothing is left behind, the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How far a sample is: clips done, of so many in all. */
export interface SampleProgress {
  readonly done: number;
  readonly total: number;
  /** The clip that was finished last. */
  readonly file: string;
}

/** What a sample folder holds. */
export interface SampleSummary {
  readonly out: string;
  readonly clips: number;
  readonly seed: number;
  /** Of all files, tables included. */
  readonly bytes: number;
  /** True when the same sample was there already and nothing was done. */
  readonly reused: boolean;
  readonly splits: Readonly<Record<SampleSplit, number>>;
  /** Clips by class over all splits; a clip with two labels counts in both. */
  readonly classes: Readonly<Record<string, number>>;
  /** Files spoilt on purpose. */
  readonly damaged: readonly {
    readonly file: string;
    readonly split: SampleSplit;
    readonly damage: SampleDamage;
    readonly description: string;
  }[];
}

/**
 * Draws a dataset folder in the competition's layout: `clips/`, `train_labels.csv`, `submission_format.csv`,
 * `test_labels.csv` (the truth of the test clips), `clips.csv` (filename, site, captured_at) and `README.txt`. The
 * same seed and number give the same pixels and tables, and with the same ffmpeg the same bytes. The folder appears
 * under its name only when it is whole.
 * @throws SampleFolderError when `out` holds anything else, UsageError for a wrong number or seed, VideoToolError
 * when ffmpeg fails
 */
export async function makeSampleDataset(options: SampleOptions): Promise<SampleSummary> {
  const { clips = 96, seed = 1, onProgress, signal } = options;
  const out = resolve(options.out);
  const plans = planSample({ clips, seed });
  signal?.throwIfAborted();
  const there = await findSample(out, { clips, seed });
  if (there !== null) return summarise(out, plans, seed, there.bytes, true);

  await makeFolder(dirname(out));
  const building = await mkdtemp(join(dirname(out), `.${basename(out)}.`));
  try {
    await mkdir(join(building, 'clips'));
    await makeClips(plans, seed, join(building, 'clips'), onProgress, signal);
    const tables = sampleTables(plans, seed);
    for (const [name, text] of Object.entries(tables)) await writeFileAtomic(join(building, name), text);
    const names = [...Object.keys(tables), ...plans.map((plan) => `clips/${plan.file}`)];
    const bytes = await sealSample(building, { clips, seed }, names);
    if (await publishFolder(building, out)) return summarise(out, plans, seed, bytes, false);
    // Another process was faster: fine, if it made the same.
    const other = await findSample(out, { clips, seed });
    if (other === null) throw new SampleFolderError(out, 'a folder that changes while it is looked at');
    return summarise(out, plans, seed, other.bytes, true);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Makes the clips, several encoders at a time; the first failure stops them all. */
async function makeClips(
  plans: readonly ClipPlan[],
  seed: number,
  folder: string,
  onProgress: SampleOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const sceneries = new Map<string, Scenery>(
    sites.map((site) => [site.name, drawScenery(site, seed, clipWidth, clipHeight)]),
  );
  const failure = new AbortController();
  const stop = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let plan = plans[next++]; plan !== undefined; plan = plans[next++]) {
      stop.throwIfAborted();
      await makeClip(plan, sceneries.get(plan.site) as Scenery, seed, folder, stop);
      onProgress?.({ done: ++done, total: plans.length, file: plan.file });
    }
  };
  // Drawing keeps one core busy; encoders fill the others.
  const lanes = Array.from({ length: Math.min(4, 1 + availableParallelism()) }, () =>
    lane().catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  signal?.throwIfAborted();
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failure.signal.reason;
}

function summarise(
  out: string,
  plans: readonly ClipPlan[],
  seed: number,
  bytes: number,
  reused: boolean,
): SampleSummary {
  const count = (split: SampleSplit): number => plans.filter((plan) => plan.split === split).length;
  return {
    out,
    clips: plans.length,
    seed,
    bytes,
    reused,
    splits: { train: count('train'), test: count('test'), other: count('other') },
    classes: countClasses(plans),
    damaged: plans
      .filter((plan) => plan.damage !== 'none')
      .map((plan) => ({ file: plan.file, split: plan.split, damage: plan.damage, description: describeClip(plan) })),
  };
}
