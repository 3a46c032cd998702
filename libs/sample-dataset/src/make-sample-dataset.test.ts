import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipOutcome } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { openFrames, probeClip } from '@primatrix/video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SampleFolderError } from './errors.ts';
import { clipHeight, clipWidth, makeClip } from './make-clip.ts';
import { makeSampleDataset, type SampleSummary } from './make-sample-dataset.ts';
import { planSample } from './plan.ts';
import { drawScenery } from './scenery.ts';
import { sites, type Site } from './sites.ts';
import { sampleTables } from './tables.ts';

const clips = 16;
const seed = 7;
let folder: string;
let first: SampleSummary;
const progress: string[] = [];

async function decode(path: string): Promise<ClipOutcome> {
  const stream = await openFrames(path, { layout: 'luma' });
  let frames = 0;
  for await (const frame of stream) frames += frame.width > 0 ? 1 : 0;
  const outcome = await stream.outcome;
  expect(frames).toBe(outcome.framesDecoded);
  return outcome;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-dataset-'));
  first = await makeSampleDataset({
    out: join(folder, 'first'),
    clips,
    seed,
    onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('makeSampleDataset', () => {
  it('makes every file, tells its progress and leaves nothing else', async () => {
    expect(await readdir(folder)).toEqual(['first']);
    expect((await readdir(join(folder, 'first'))).sort()).toEqual([
      'README.txt',
      'clips',
      'clips.csv',
      'sample.json',
      'submission_format.csv',
      'test_labels.csv',
      'train_labels.csv',
    ]);
    const plans = planSample({ clips, seed });
    expect((await readdir(join(folder, 'first', 'clips'))).sort()).toEqual(plans.map((plan) => plan.file));
    expect(progress).toEqual(plans.map((_, i) => `${i + 1}/${clips}`));
    expect(first).toMatchObject({ clips, seed, reused: false, splits: { train: 10, test: 4, other: 2 } });
    expect(first.bytes).toBeGreaterThan(100_000);
  });

  it('makes the same bytes again: sound in MP4, silence, AVI, spoilt and short clips', async () => {
    const again = join(folder, 'again');
    await mkdir(again);
    const plans = planSample({ clips, seed });
    const chosen = new Set([
      plans.find((plan) => plan.sound && plan.damage === 'none' && plan.file.endsWith('.mp4')),
      plans.find((plan) => !plan.sound),
      plans.find((plan) => plan.file.endsWith('.avi')),
      plans.find((plan) => plan.damage === 'middle'),
      plans.find((plan) => plan.frames === 9),
    ]);
    for (const plan of chosen) {
      if (plan === undefined) {
        throw new Error('the plan lacks a kind of clip that this test needs: choose another seed');
      }
      const site = sites.find(({ name }) => name === plan.site) as Site;
      await makeClip(plan, drawScenery(site, seed, clipWidth, clipHeight), seed, again);
      expect(await sha256File(join(again, plan.file)), plan.file).toBe(
        await sha256File(join(folder, 'first', 'clips', plan.file)),
      );
    }
    for (const [name, text] of Object.entries(sampleTables(plans, seed))) {
      expect(await readFile(join(folder, 'first', name), 'utf8')).toBe(text);
    }
    await rm(again, { recursive: true });
  });

  it('makes clips that probe as planned', async () => {
    const healthy = planSample({ clips, seed }).filter((plan) => plan.damage === 'none');
    const chosen = [
      healthy.find((plan) => plan.file.endsWith('.avi')),
      healthy.find((plan) => plan.frames === 9),
      healthy.find((plan) => plan.sound),
      healthy.find((plan) => !plan.sound),
    ];
    for (const plan of chosen) {
      if (plan === undefined) continue;
      const found = await probeClip(join(folder, 'first', 'clips', plan.file));
      expect(found).toMatchObject({ width: 320, height: 180, fps: 24, frames: plan.frames });
      expect(Date.parse(found.capturedAt ?? '')).toBe(Date.parse(plan.capturedAt));
      expect(found.audio !== null).toBe(plan.sound);
    }
  });

  it('makes damaged files that do not decode well', async () => {
    const faults: Record<string, string> = {};
    for (const { file, damage } of first.damaged) {
      const path = join(folder, 'first', 'clips', file);
      faults[damage] = await decode(path).then(
        (outcome) => outcome.status,
        (error: { code?: string }) => error.code ?? 'no code',
      );
    }
    expect(faults).toMatchObject({ middle: 'degraded', cut: 'degraded' });
    await expect(
      probeClip(join(folder, 'first', 'clips', first.damaged.find((clip) => clip.damage === 'text')?.file as string)),
    ).rejects.toMatchObject({ fault: 'not-media' });
  });

  it('returns at once when the same sample is there', async () => {
    const calls: string[] = [];
    const again = await makeSampleDataset({
      out: join(folder, 'first'),
      clips,
      seed,
      onProgress: ({ file }) => calls.push(file),
    });
    expect(again).toEqual({ ...first, reused: true });
    expect(calls).toEqual([]);
  });

  it('does not take a file of the same length for the same', async () => {
    const labels = join(folder, 'first', 'train_labels.csv');
    const whole = await readFile(labels, 'utf8');
    await writeFile(labels, whole.replace(/0/, '1'));
    const refused = makeSampleDataset({ out: join(folder, 'first'), clips, seed });
    await expect(refused).rejects.toThrow("'train_labels.csv' changed");
    await writeFile(labels, whole);
  });

  it('refuses a folder that holds something else, and changes nothing in it', async () => {
    await expect(makeSampleDataset({ out: join(folder, 'first'), clips, seed: 8 })).rejects.toThrow(SampleFolderError);
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'thesis.txt'), 'years of work');
    await expect(makeSampleDataset({ out: other, clips, seed })).rejects.toMatchObject({
      code: 'SAMPLE_FOLDER_IN_USE',
      hint: expect.stringContaining('another folder'),
    });
    expect(await readFile(join(other, 'thesis.txt'), 'utf8')).toBe('years of work');
    await expect(makeSampleDataset({ out: join(other, 'thesis.txt'), clips, seed })).rejects.toThrow(SampleFolderError);
    await rm(other, { recursive: true });
  });

  it('notices a sample of which a clip is gone', async () => {
    const file = join(folder, 'first', 'clips', 'clip_0001.mp4');
    const bytes = await readFile(file);
    await rm(file);
    await expect(makeSampleDataset({ out: join(folder, 'first'), clips, seed })).rejects.toThrow(
      "'clips/clip_0001.mp4' missing",
    );
    await writeFile(file, bytes);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const work = makeSampleDataset({
      out: join(folder, 'stopped'),
      clips,
      seed,
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(work).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual(['first']);
  });
});
