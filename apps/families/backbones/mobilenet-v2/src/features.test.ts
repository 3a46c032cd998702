import { readFile } from 'node:fs/promises';
import { importWeights, type BackboneSettings } from '@primatrix/backbones';
import { untrainedFeatures } from '@primatrix/backbones/conformance';
import type { ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { float16ToFloat32 } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { openFrames } from '@primatrix/video';
import { describe, expect, it } from 'vitest';
import { family } from './index.ts';

const settings: BackboneSettings = {
  size: 224,
  every: 1,
  maxFrames: 8,
  batch: 4,
  resize: 'bilinear',
  seed: 1,
  storage: 'float32',
};
const at = (weightsDir: string) => ({ weightsDir, threads: 2, device: 'cpu' as const });

async function featuresOf(path: string, extractor: FeatureExtractor): Promise<ClipFeatures> {
  const stream = await openFrames(path);
  const clip = extractor.start({ name: path, frames: stream.framesExpected });
  for await (const frame of stream) if (clip.wants(frame.index)) await clip.push(frame);
  return clip.finish();
}

const weightsFile = sharedData('weights', family.backbone.official.fileName);
const golden = sharedData('golden', 'backbone');

describe.skipIf(weightsFile === undefined || golden === undefined)(
  'with imported weights (needs the shared data folder)',
  () => {
    it('gives the golden features of three pictures, within a thousandth', async () => {
      await using folder = await temporaryFolder();
      const card = await importWeights(family.backbone, weightsFile as string, folder.path);
      expect(await family.weightsDigest(at(folder.path))).toBe(card.model.sha256);
      const extractor = await family.open(settings, at(folder.path));
      expect(extractor.weights.source).toBe('imported');
      for (const picture of ['bird', 'cat', 'chimpanzee']) {
        const { tensor, row } = await featuresOf(`${golden}/${picture}.png`, extractor);
        const { features } = JSON.parse(await readFile(`${golden}/${picture}.json`, 'utf8')) as { features: number[] };
        expect(tensor).toMatchObject({ dtype: 'float32', shape: [1, 1280] });
        expect(row).toEqual({});
        // Stored to six digits; features near zero are differences of large numbers, so they get an absolute bound.
        features.forEach((want, i) =>
          expect(Math.abs((tensor.data[i] as number) - want), `${picture} ${i}`).toBeLessThan(
            1e-3 * Math.max(want, 0.05),
          ),
        );
      }
      await extractor.dispose();
    });
  },
);

const clip = sharedData('clips', 'benjamin_04250002.MP4');
it.skipIf(clip === undefined)(
  'looks at a real clip, the same way whatever the batch (needs the shared data folder)',
  async () => {
    await using folder = await temporaryFolder();
    const run = async (changed: Partial<BackboneSettings>) => {
      const extractor = await family.open(
        { ...settings, size: 64, every: 30, maxFrames: 5, ...changed },
        at(folder.path),
      );
      const { tensor } = await featuresOf(clip as string, extractor);
      await extractor.dispose();
      return tensor;
    };
    const [one, three] = [await run({ batch: 1 }), await run({ batch: 3, storage: 'float16' })];
    expect([one.shape, three.shape]).toEqual([
      [5, 1280],
      [5, 1280],
    ]);
    expect([one.dtype, three.dtype]).toEqual(['float32', 'float16']);
    const half = float16ToFloat32(three.data as Uint16Array);
    // Half precision keeps 11 bits.
    (one.data as Float32Array).forEach((x, i) =>
      expect(Math.abs(x - (half[i] as number))).toBeLessThan(1e-4 + x / 2048),
    );
  },
);

describe('settings', () => {
  it.each([
    [{ size: 16 }, 'size'],
    [{ every: 0 }, 'every'],
    [{ resize: 'lanczos' }, 'resize'],
    [{ storage: 'float64' }, 'storage'],
    [{ batch: '4' }, 'batch'],
  ])('refuses %j, naming it', async (wrong, word) => {
    await using folder = await temporaryFolder();
    await expect(family.open({ ...settings, ...wrong }, at(folder.path))).rejects.toMatchObject({
      name: 'SettingsError',
      code: 'FAMILY_SETTINGS',
      message: expect.stringContaining(word) as string,
    });
  });
});

it('is untrained without weights, follows its seed, and still tells pictures apart', async () => {
  const { features, mean, cosine } = await untrainedFeatures(family, 1);
  expect((await untrainedFeatures(family, 2)).features).not.toEqual(features);
  expect(mean).toBeGreaterThan(0.2);
  expect(mean).toBeLessThan(10);
  expect(cosine).toBeLessThan(0.95);
});
