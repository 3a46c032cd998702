import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clip } from '@primatrix/dataset';
import { makeFolds } from '@primatrix/dataset';
import type { Family, StackFamily, StackFitInput } from '@primatrix/families';
import { writeTable } from '@primatrix/feature-table';
import { Rng } from '@primatrix/rng';
import { writeTensorFile } from '@primatrix/tensor-store';
import { smallClip, temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { writeFeatureIndex, type FeatureEntry } from '../features/feature-index.ts';
import { writeIngested } from '../ingest/ingested-clips.ts';
import type { Training } from '../plan/training.ts';
import { readSiteCheck, siteCheckStages } from './site-check.ts';

/** A quick model: probabilities are the labels of the nearest known clip, softened; missing values count as 0. */
const nearest: StackFamily = {
  ...{
    kind: 'stack',
    name: 'nearest',
    version: '1.0.0',
    summary: 'nearest clip',
    variants: { laptop: {}, competition: {} },
    quick: { soft: 0.1 },
  },
  fit: async ({ train, labels, classes, valid }: StackFitInput) => {
    expect(valid).toBe(train);
    const width = train.columns.length;
    const distance = (a: ArrayLike<number>, from: number, row: number) => {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += ((a[from + c] || 0) - (train.data[row * width + c] || 0)) ** 2;
      return sum;
    };
    return {
      predict: async ({ data, rows }) =>
        Float64Array.from({ length: rows * classes }, (_, i) => {
          const from = Math.floor(i / classes) * width;
          let best = 0;
          for (let row = 1; row < train.rows; row++) {
            if (distance(data, from, row) < distance(data, from, best)) best = row;
          }
          return labels[best * classes + (i % classes)] === 1 ? 0.9 : 0.1;
        }),
      ...{ toText: async () => '', importance: async () => new Float64Array(width), dispose: () => undefined },
    };
  },
  load: () => Promise.reject(new Error('not asked for')),
};

const noFrames = { laptop: null, competition: null };
const families = [
  { kind: 'ingest', name: 'ingest', version: '1.0.0', columns: () => ({}) },
  { kind: 'features', name: 'looks', version: '1.0.0', settings: noFrames, rowsAlone: ['laptop', 'competition'] },
  nearest,
  { kind: 'neighbours', name: 'neighbours', version: '1.0.0', settings: { laptop: { nets: [] } } },
  { kind: 'ensemble', name: 'ensemble', version: '1.0.0' },
] as unknown as Family[];

/** Clips of which the look shows the site and little else, as each site has mostly one animal. */
async function trainingOf(artifacts: string, siteOf: (clip: number) => string | undefined): Promise<Training> {
  const rng = new Rng(3);
  const clips = Array.from({ length: 60 }, (_, i): Clip => {
    const site = siteOf(i);
    const animal = (i % 10 < 8 ? i % 2 : (i + 1) % 2) as 0 | 1;
    return {
      filename: `clip-${`${i}`.padStart(2, '0')}.mp4`,
      path: '/nowhere',
      bytes: 1,
      split: 'train',
      labels: Uint8Array.of(animal, 1 - animal),
      ...(site === undefined ? {} : { site }),
    };
  });
  const classes = ['bird', 'duiker'];
  const write = async (file: string, content: unknown) => {
    await mkdir(dirname(join(artifacts, file)), { recursive: true });
    await writeFile(join(artifacts, file), JSON.stringify(content));
  };
  const entries: FeatureEntry[] = [];
  for (const [i, { filename }] of clips.entries()) {
    // The site's place, a little shaken from frame to frame.
    const data = Float32Array.from(
      { length: 3 * 2 },
      (_, j) => (j % 2 === 0 ? Math.cos(i % 10) : Math.sin(i % 10)) * 10 + rng.uniform(),
    );
    const file = `features/looks/${filename}.safetensors`;
    const { features } = await writeTensorFile(join(artifacts, file), {
      features: { dtype: 'float32', shape: [3, 2], data },
    });
    entries.push({
      filename,
      key: 'k',
      outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 },
      file,
      sha256: features.sha256,
      bytes: features.bytes,
      shape: [3, 2],
    });
  }
  await writeFeatureIndex(
    artifacts,
    {
      feature: 'looks',
      version: '1.0.0',
      weights: { source: 'none', digest: null, note: '' },
      columns: [],
      clips: entries,
    },
    async () => ({}),
  );
  await writeTable(join(artifacts, 'features/looks/rows.parquet'), {
    keys: clips.map(({ filename }) => filename),
    columns: [],
  });
  await writeTable(join(artifacts, 'ingest/columns.parquet'), {
    keys: clips.map(({ filename }) => filename),
    columns: [{ name: 'seconds', values: new Float64Array(clips.length).fill(Number.NaN) }],
  });
  const metadata = smallClip('x'.repeat(64));
  await writeIngested(
    artifacts,
    clips.map(({ filename, split }) => ({
      filename,
      split,
      metadata: { ...metadata, file: filename },
      fault: null,
      reason: '',
    })),
  );
  const labelled = clips.map((clip) => ({ ...clip, labels: clip.labels as Uint8Array }));
  await write('ingest/folds.json', makeFolds(labelled, { classes, folds: 3, seed: 1 }).folds);
  return {
    dataset: { name: 'd', digest: 'd', classes, clips, missing: [], unknown: [] },
    ...{
      artifacts,
      profile: 'laptop',
      families,
      folds: 3,
      seed: 1,
      context: { weightsDir: '', threads: 1, device: 'cpu' },
    },
  } as unknown as Training;
}

async function check(artifacts: string, siteOf: (clip: number) => string | undefined) {
  const training = await trainingOf(artifacts, siteOf);
  const [stage] = siteCheckStages(training);
  const result = await stage?.run({
    signal: new AbortController().signal,
    threads: 1,
    report: () => undefined,
    key: 'k',
  });
  expect(result?.outputs).toEqual(['site-check/nearest.json']);
  return {
    scores: await readSiteCheck(training),
    bytes: await readFile(join(artifacts, 'site-check/nearest.json'), 'utf8'),
  };
}

it('sees a leak where a look tells the site, and the site the animal', async () => {
  await using folder = await temporaryFolder();
  const { scores, bytes } = await check(folder.join('a'), (clip) => `site ${clip % 10}`);
  if ('impossible' in scores) throw new Error(scores.impossible);
  const { grouped, random, difference } = scores;
  // Mean and deviation of two values a frame, and the metadata's one column.
  expect(scores).toMatchObject({
    clips: 60,
    sites: 10,
    columns: 5,
    folds: 3,
    model: 'nearest 1.0.0',
    settings: '{"soft":0.1}',
  });
  expect(random.accuracy.value).toBe(1);
  expect(grouped.accuracy.value).toBeLessThan(0.8);
  expect(difference.accuracy.value).toBeCloseTo(random.accuracy.value - grouped.accuracy.value, 12);
  expect(difference.logLoss.value).toBeLessThan(0);
  expect(grouped.accuracy.error).toBeGreaterThan(0);
  expect((await check(folder.join('b'), (clip) => `site ${clip % 10}`)).bytes).toBe(bytes);
});

it('says why there is nothing to compare', async () => {
  await using folder = await temporaryFolder();
  expect((await check(folder.join('a'), () => undefined)).scores).toMatchObject({
    impossible: expect.stringContaining('folds cannot be grouped by site'),
  });
  expect((await check(folder.join('b'), (clip) => `site ${clip}`)).scores).toMatchObject({
    impossible: expect.stringContaining('Every site has one clip'),
  });
  expect((await check(folder.join('c'), (clip) => (clip < 30 ? undefined : `site ${clip % 2}`))).scores).toMatchObject({
    impossible: 'There are too few sites for 3 folds: 2.',
  });
});
