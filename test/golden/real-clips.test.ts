import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readPredictions } from '@primatrix/dataset';
import { readTensorFile } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const folderOfClips = sharedData('clips');
const clips =
  folderOfClips === undefined
    ? []
    : readdirSync(folderOfClips)
        .sort()
        .map((name) => join(folderOfClips, name));

interface Probed {
  readonly file: string;
  readonly frames: number;
  readonly videoCodec: string;
  readonly audio: { readonly codec: string } | null;
}

describe.skipIf(clips.length === 0)('the 14 real clips', () => {
  it('probe: codecs, frames and sound', async () => {
    const { status, stdout } = await run(['probe', ...clips, '--json']);
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as Probed[];
    expect(rows.map(({ file }) => file)).toEqual(clips);
    expect(new Set(rows.map(({ videoCodec }) => videoCodec))).toEqual(new Set(['h264', 'mpeg4', 'msmpeg4v3']));
    expect(rows[0]).toMatchObject({ frames: 360, audio: { codec: 'mp3' } });
    expect(rows.slice(1).map(({ audio }) => audio)).toEqual(clips.slice(1).map(() => null));
    for (const { frames } of rows) expect(frames).toBeGreaterThan(100);
  });

  it('hash: every frame that probe counted', async () => {
    const { stdout: probed } = await run(['probe', ...clips, '--json']);
    const frames = (JSON.parse(probed) as Probed[]).map((row) => row.frames);
    for (const [i, clip] of clips.entries()) {
      const { status, stdout, stderr } = await run(['hash', clip, '--json']);
      expect({ clip, status, stderr }).toEqual({ clip, status: 0, stderr: '' });
      expect((JSON.parse(stdout) as { frames: number }).frames).toBe(frames[i]);
    }
  });

  it('features vgg16: a tensor each, all of them whole', async () => {
    await using folder = await temporaryFolder();
    const { status, stdout } = await run([
      'features',
      'vgg16',
      ...clips,
      '--profile',
      'laptop',
      '--out',
      folder.path,
      '--json',
    ]);
    const rows = JSON.parse(stdout) as { clip: string; status: string; file: string; shape: [number, number] }[];
    expect(status).toBe(0);
    expect(rows.map((row) => row.status)).toEqual(clips.map(() => 'ok'));
    for (const { file, shape } of rows) {
      const { data, dtype } = await readTensorFile(file);
      expect(shape[1]).toBe(512);
      expect(dtype).toBe('float32');
      expect(data).toHaveLength(shape[0] * shape[1]);
      expect(Array.from(data as Float32Array).every(Number.isFinite)).toBe(true);
    }
  });

  it('predict with the bundle of the sample: a good row each', async () => {
    await using folder = await temporaryFolder();
    const out = folder.join('predictions.csv');
    const { status, stdout } = await run(['predict', folderOfClips ?? '', '--bundle', sample.bundle, '--out', out]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining('14 clips: 14 ok, 0 degraded, 0 failed'),
    });
    const { filenames, probabilities } = await readPredictions(out);
    // Names come as they are on the disk, whatever Unicode form the disk uses.
    expect(filenames.map((name) => name.normalize())).toEqual(
      clips.map((clip) => clip.slice((folderOfClips ?? '').length + 1).normalize()),
    );
    expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
  });
});
