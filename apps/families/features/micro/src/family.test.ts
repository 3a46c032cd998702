import type { FeatureExtractor } from '@primatrix/families';
import { featureConformance } from '@primatrix/families/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { family } from './index.ts';

const settings = { frames: 6, size: 12, resize: 'area' };
const context = { weightsDir: '', threads: 1, device: 'cpu' } as const;

describe('family', () => {
  let extractor: FeatureExtractor;
  beforeAll(async () => {
    extractor = await family.open(settings, context);
  });
  afterAll(() => extractor.dispose());

  it.each(featureConformance)('$name', ({ run }) => run({ family, extractor, settings, context, maxRows: 6 }));

  it('takes frames spread over the whole clip, as 8-bit pictures', async () => {
    const micro = await family.open({ frames: 3, size: 2, resize: 'area' }, context);
    const clip = micro.start({ name: 'a.mp4', frames: 9 });
    const looked = Array.from({ length: 9 }, (_, index) => index).filter((index) => clip.wants(index));
    expect(looked).toEqual([0, 3, 6]);
    for (const index of looked) {
      // Left half bright, right half dark.
      const rgb = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => (Math.floor(i / 3) % 4 < 2 ? 200 + index : 10));
      await clip.push({ index, width: 4, height: 4, luma: () => new Uint8Array(16), rgb: () => rgb });
    }
    const { tensor, row } = await clip.finish();
    expect(tensor).toMatchObject({ dtype: 'uint8', shape: [3, 2, 2, 3] });
    expect([...(tensor.data as Uint8Array).subarray(12, 24)]).toEqual([
      203, 203, 203, 10, 10, 10, 203, 203, 203, 10, 10, 10,
    ]);
    expect(row).toEqual({});
  });

  it('names a wrong setting', async () => {
    await expect(family.open({ frames: 0, size: 12, resize: 'area' }, context)).rejects.toMatchObject({
      code: 'FAMILY_SETTINGS',
    });
  });
});
