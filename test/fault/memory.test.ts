import { link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');

describe.skipIf(process.platform !== 'linux')('predict', () => {
  it('needs no more memory for four times as many clips', async () => {
    await using folder = await temporaryFolder();
    const clips = (await readdir(join(sample.dataset, 'clips'))).filter((name) => name.endsWith('.mp4')).slice(5, 17);
    const peakOf = async (copies: number) => {
      const input = folder.join(`x${copies}`);
      await mkdir(input);
      for (let copy = 0; copy < copies; copy++) {
        for (const name of clips) await link(join(sample.dataset, 'clips', name), join(input, `${copy}-${name}`));
      }
      const { peakMiB, stdout } = await run([
        'predict',
        input,
        '--bundle',
        sample.bundle,
        '--out',
        folder.join(`${copies}.csv`),
      ]);
      expect(stdout).toContain(`${copies * clips.length} clips:`);
      return peakMiB;
    };
    const [once, fourfold] = [await peakOf(1), await peakOf(4)];
    expect(once).toBeGreaterThan(50);
    // 36 more clips of 0.8 MB a hundred frames: keeping the frames of one in memory would already show.
    expect(fourfold - once).toBeLessThan(40);
    expect(fourfold).toBeLessThan(2048);
  });
});
