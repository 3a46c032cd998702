import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { FeatureExtractor } from '@primatrix/families';
import { temporaryFolder } from '@primatrix/testkit';
import { encodeClip, ffprobePath, inspectClip, describeClip } from '@primatrix/video';
import { afterEach, expect, it, vi } from 'vitest';
import { Predictor, type PredictorParts } from './predictor.ts';

afterEach(() => vi.unstubAllEnvs());

it.skipIf(process.platform === 'win32')('reads the container of a clip once', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a.mp4');
  const frames = Array.from({ length: 5 }, (_, i) => new Uint8Array(32 * 24 * 3).fill(40 * i));
  await encodeClip({ out: path, width: 32, height: 24, fps: 4, frames });
  const metadata = await describeClip(await inspectClip(path));
  const counting = folder.join('ffprobe');
  await writeFile(counting, `#!/bin/sh\necho "$@" >> '${folder.join('runs')}'\nexec '${ffprobePath()}' "$@"\n`);
  await chmod(counting, 0o755);
  vi.stubEnv('FFPROBE_PATH', counting);
  let seen = 0;
  const extractor: FeatureExtractor = {
    weights: { source: 'none', digest: null, note: '' },
    pixels: 'luma',
    start: () => ({
      wants: () => true,
      push: () => void seen++,
      finish: async () => ({ tensor: { dtype: 'float32', shape: [0, 1], data: new Float32Array() }, row: {} }),
    }),
    dispose: async () => undefined,
  };
  // The first level of a bundle without nets; nothing else of it is asked for.
  const manifest = { metadata: {} } as PredictorParts['manifest'];
  const parts: Partial<PredictorParts> = {
    manifest,
    extractors: new Map([['frames', extractor]]),
    nets: [],
    stacks: [],
  };
  const predictor = Predictor.of(parts as PredictorParts);
  const record = await predictor.firstLevel({ filename: 'a.mp4', path }, new AbortController().signal);
  expect(record).toMatchObject({ outcome: { status: 'ok', framesDecoded: 5 }, metadata: { sha256: metadata.sha256 } });
  expect(seen).toBe(5);
  expect((await readFile(folder.join('runs'), 'utf8')).trim().split('\n')).toHaveLength(1);
});
