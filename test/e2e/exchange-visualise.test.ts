import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const { dataset } = inject('trainedSample');
const clips = join(dataset, 'clips');

it('visualise draws a sheet by class, and videos of hashes and vectors', async () => {
  await using folder = await temporaryFolder();
  const sheet = await run([
    'visualise',
    'sheet',
    '--labels',
    join(dataset, 'train_labels.csv'),
    '--clips',
    clips,
    '--per-class',
    '2',
    '--out',
    folder.join('s.png'),
    '--json',
  ]);
  const { classes, failed, width } = JSON.parse(sheet.stdout) as {
    classes: { title: string; clips: string[] }[];
    failed: object[];
    width: number;
  };
  expect(sheet.status).toBe(failed.length > 0 ? 1 : 0);
  expect(width).toBe(12 * 2 + 2 * 216 - 8);
  expect(classes.map(({ title }) => title.replace(/ \(\d+\)$/, ''))).toContain('blank');
  for (const entry of classes) expect(entry.clips.length).toBeLessThanOrEqual(2);

  const pair = [join(clips, 'clip_0001.mp4'), join(clips, 'clip_0002.mp4')];
  const hashes = await run([
    'visualise',
    'hashes',
    ...pair,
    '--titles',
    'animal,blank',
    '--out',
    folder.join('h.mp4'),
    '--json',
  ]);
  const vectors = await run([
    'visualise',
    'vectors',
    ...pair,
    '--backbone',
    'mobilenet-v2',
    '--profile',
    'laptop',
    '--every',
    '24',
    '--out',
    folder.join('v.mp4'),
    '--json',
  ]);
  expect(vectors.stderr).toContain('UNTRAINED');
  for (const [name, finished] of [
    ['h.mp4', hashes],
    ['v.mp4', vectors],
  ] as const) {
    expect(finished.status).toBe(0);
    const { frames } = JSON.parse(finished.stdout) as { frames: number };
    const probed = await run(['probe', folder.join(name), '--json']);
    expect(JSON.parse(probed.stdout)).toMatchObject([{ videoCodec: 'h264', frames, width: 1008, height: 558 }]);
  }
  expect((await stat(folder.join('s.png'))).size).toBeGreaterThan(10_000);
});
