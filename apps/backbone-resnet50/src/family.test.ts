import type { FeatureExtractor, FeatureFamily } from '@primatrix/families';
import { featureConformance } from '@primatrix/families/conformance';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { family } from './index.ts';

const settings = { ...(family.settings.laptop as object), size: 32, every: 2, maxFrames: 6, batch: 4 };

describe('family', () => {
  let folder: TemporaryFolder;
  let extractor: FeatureExtractor;
  let context: Parameters<FeatureFamily['open']>[1];

  beforeAll(async () => {
    folder = await temporaryFolder();
    context = { weightsDir: folder.path, threads: 2, device: 'cpu' };
    extractor = await family.open(settings, context);
  });
  afterAll(async () => {
    await extractor.dispose();
    await folder.remove();
  });

  it.each(featureConformance)('$name', ({ run }) => run({ family, extractor, settings, context, maxRows: 6 }));

  it('gives 2048 features a frame and says that it is untrained', async () => {
    expect(extractor.weights).toMatchObject({ source: 'random', digest: null });
    const clip = extractor.start({ name: 'a.png', frames: 1 });
    await clip.push({ index: 0, width: 2, height: 2, luma: () => new Uint8Array(4), rgb: () => new Uint8Array(12).fill(200) });
    expect((await clip.finish()).tensor.shape).toEqual([1, 2048]);
  });
});
