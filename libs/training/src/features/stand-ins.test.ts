import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '@primatrix/dataset';
import type { Family, FeatureFamily } from '@primatrix/families';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip, probeClip } from '@primatrix/video';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeIngested } from '../ingest/ingested-clips.ts';
import type { Training } from '../plan/training.ts';
import { FeatureExtraction } from './feature-extraction.ts';
import { standInSizes } from './stand-ins.ts';

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

const run = { signal: new AbortController().signal, threads: 1, report: () => undefined };

async function clip(path: string, frames: number): Promise<string> {
  const rgb = new Uint8Array(32 * 32 * 3);
  await encodeClip({ out: path, width: 32, height: 32, fps: 4, frames: Array.from({ length: frames }, () => rgb) });
  return path;
}

/** A family that counts the frames that it is shown. */
const counting = (name: string): FeatureFamily => ({
  ...{ kind: 'features', name, version: '1.0.0', summary: '', settings: { laptop: {}, competition: {} } },
  rowShape: () => [1],
  weightsDigest: async () => null,
  open: async () => ({
    weights: { source: 'none', digest: null, note: '' },
    pixels: 'luma',
    start: () => {
      let frames = 0;
      return {
        wants: () => true,
        push: () => void (frames += 1),
        finish: async () => ({
          tensor: { dtype: 'float32', shape: [1, 1], data: Float32Array.of(frames) },
          row: { frames },
        }),
      };
    },
    dispose: async () => undefined,
  }),
});

async function framesSeen(training: Training, families: readonly FeatureFamily[]) {
  const made = await new FeatureExtraction(training, families).run(run);
  return Object.fromEntries(
    [...made].map(([name, { clips }]) => [
      name,
      clips.map(({ outcome, file, bytes }) => [outcome.status, file === null ? null : bytes > 0]),
    ]),
  );
}

it('a family looks at ready clips of the same names, others at the clips themselves', async () => {
  const names = ['a.mp4', 'b.mp4', 'c.mp4'];
  const families = [counting('whole'), counting('small')];
  await mkdir(folder.join('small'));
  const clips = [];
  for (const filename of names) {
    const path = await clip(folder.join(filename), 6);
    clips.push({ filename, path, bytes: 1, split: 'train' as const });
  }
  const ingested = await Promise.all(
    clips.map(async ({ filename, path }) => ({
      ...{ filename, split: 'train' as const, fault: null, reason: '' },
      metadata: { ...(await probeClip(path)), file: filename },
    })),
  );
  const artifacts = folder.join('artifacts');
  await mkdir(join(artifacts, 'ingest'), { recursive: true });
  await writeIngested(artifacts, ingested);
  const training = {
    ...{ dataset: { clips } as unknown as Dataset, artifacts, profile: 'laptop', folds: 2, seed: 1 },
    families: families as Family[],
    context: { weightsDir: '', threads: 1, device: 'cpu' },
    standIns: new Map([['small', folder.join('small')]]),
  } satisfies Training;
  // One is ready, one is damaged, one is not there.
  await clip(folder.join('small/a.mp4'), 2);
  await writeFile(folder.join('small/b.mp4'), 'no clip');
  expect(await framesSeen(training, families)).toEqual({
    whole: names.map(() => ['ok', true]),
    small: [
      ['ok', true],
      ['degraded', null],
      ['ok', null],
    ],
  });
  expect((await standInSizes(training, 'small'))?.map(([name]) => name)).toEqual(['a.mp4', 'b.mp4']);
  expect(await standInSizes(training, 'whole')).toBeUndefined();

  // What is ready now is looked at, and nothing else again: the clips themselves are gone.
  for (const { path } of clips) await rm(path);
  await clip(folder.join('small/c.mp4'), 3);
  expect((await framesSeen(training, families))['small']?.[2]).toEqual(['ok', true]);
});
