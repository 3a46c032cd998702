import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const clip = join(sample.dataset, 'clips/clip_0001.mp4');

interface Timing {
  readonly median: number;
}

it('bench predict tells the parts of one clip beside its plain decode', async () => {
  const { status, stdout, stderr } = await run([
    'bench',
    'predict',
    '--bundle',
    sample.bundle,
    '--clip',
    clip,
    '--rounds',
    '1',
    '--json',
  ]);
  expect(status, stderr).toBe(0);
  const bench = JSON.parse(stdout) as Record<string, Timing> & {
    readonly alone: Record<string, Timing>;
    readonly familiesMs: Record<string, Timing>;
    readonly frames: number;
  };
  expect(bench).toMatchObject({ clip, bytes: (await stat(clip)).size });
  expect(bench.frames).toBeGreaterThan(1);
  expect(Object.keys(bench.alone)).toEqual(['inspectionMs', 'descriptionMs', 'picturesMs', 'soundMs']);
  expect(Object.keys(bench.familiesMs)).toEqual([
    'ingest video-ingest',
    'features audio',
    'features image-hash',
    'nets net-imagehash-gru',
  ]);
  const { plainDecodeMs, totalMs, ratio, secondLevelMs, writeMs } = bench;
  const parts = [...Object.values(bench.alone), ...Object.values(bench.familiesMs), secondLevelMs, writeMs];
  for (const part of [plainDecodeMs, totalMs, ratio, ...parts]) expect(part?.median).toBeGreaterThan(0);
  // What the families take and what is left of the first level are parts of the whole.
  const families = Object.values(bench.familiesMs).reduce((sum, { median }) => sum + median, 0);
  expect(families).toBeLessThanOrEqual(totalMs?.median ?? 0);
  expect(ratio?.median).toBeCloseTo((totalMs?.median ?? 0) / (plainDecodeMs?.median ?? 1), 6);
});
