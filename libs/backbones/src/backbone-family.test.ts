import { readFile } from 'node:fs/promises';
import type { ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { float16ToFloat32 } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { openFrames } from '@primatrix/video';
import { describe, expect, it } from 'vitest';
import { backboneFamily, importWeights, mobilenetV2, openBackbone, vgg16, type BackboneSettings } from './index.ts';

const settings: BackboneSettings = {
  size: 224,
  every: 1,
  maxFrames: 8,
  batch: 4,
  resize: 'bilinear',
  seed: 1,
  storage: 'float32',
};
const family = backboneFamily({
  name: 'backbone-test',
  version: '1.0.0',
  summary: 'test',
  backbone: mobilenetV2,
  feature: 'test',
  settings: { laptop: settings, competition: settings },
});
const at = (weightsDir: string) => ({ weightsDir, threads: 2, device: 'cpu' as const });

async function featuresOf(path: string, extractor: FeatureExtractor): Promise<ClipFeatures> {
  const stream = await openFrames(path);
  const clip = extractor.start({ name: path, frames: stream.framesExpected });
  for await (const frame of stream) if (clip.wants(frame.index)) await clip.push(frame);
  return clip.finish();
}

const weightsFile = sharedData('weights', mobilenetV2.official.fileName);
const golden = sharedData('golden', 'backbone');

describe.skipIf(weightsFile === undefined || golden === undefined)(
  'with imported weights (needs the shared data folder)',
  () => {
    it('gives the golden features of three pictures, within a thousandth', async () => {
      await using folder = await temporaryFolder();
      const card = await importWeights(mobilenetV2, weightsFile as string, folder.path);
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

describe('without weights', () => {
  // Kernels by He's rule alone would give similarities of 0.96 and more for MobileNetV2, features of 60 for VGG16.
  it.each([
    { spec: mobilenetV2, similar: 0.95 },
    { spec: vgg16, similar: 0.98 },
  ])('$spec.title is untrained, follows its seed, and still tells pictures apart', async ({ spec, similar }) => {
    await using folder = await temporaryFolder();
    const pictures = Uint8Array.from({ length: 4 * 64 * 64 * 3 }, (_, i) => {
      const [n, y, x] = [Math.floor(i / 12288), Math.floor(i / 192) % 64, Math.floor(i / 3) % 64];
      return 128 + 100 * Math.sin(x / (3 + 4 * n) + n) * Math.cos(y / (9 - 2 * n) + (i % 3));
    });
    const features = async (seed: number) => {
      const backbone = await openBackbone(spec, { weightsDir: folder.path, seed, threads: 2 });
      expect(backbone.weights).toMatchObject({
        source: 'random',
        digest: null,
        note: expect.stringMatching(`^UNTRAINED: .*seed ${seed}`) as string,
      });
      const result = await backbone.run(pictures, 4, 64, 64);
      await backbone.dispose();
      return result;
    };
    const first = await features(1);
    if (spec === mobilenetV2) expect(await features(2)).not.toEqual(first);

    const rows = [0, 1, 2, 3].map((n) => first.subarray(n * spec.width, (n + 1) * spec.width));
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
    const mean = first.reduce((a, b) => a + b, 0) / first.length;
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThan(10);
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < a; b++) {
        const [x, y] = [rows[a] as Float32Array, rows[b] as Float32Array];
        expect(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))).toBeLessThan(similar);
      }
    }
  });
});
