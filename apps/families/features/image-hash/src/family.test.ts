import { featureConformance } from '@primatrix/families/conformance';
import { describe, expect, it } from 'vitest';
import { family } from './family.ts';

const context = { weightsDir: '', threads: 1, device: 'cpu' } as const;

describe.each([
  { settings: {}, width: 128, columns: 8 },
  { settings: { blockHash: true }, width: 192, columns: 12 },
])('image-hash with $settings', async ({ settings, width, columns }) => {
  const extractor = await family.open(settings, context);

  it.each(featureConformance)('$name', ({ run }) =>
    run({ family, extractor, settings, context, maxRows: Number.POSITIVE_INFINITY }),
  );

  it(`gives ${width} bits a frame and ${columns} numbers a clip`, async () => {
    const clip = extractor.start({ name: 'a.png', frames: 2 });
    for (const value of [10, 250]) {
      const rgb = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * value) % 256);
      await clip.push({ index: 0, width: 16, height: 16, rgb: () => rgb, luma: () => rgb.subarray(0, 256) });
    }
    const { tensor, row } = await clip.finish();
    expect(tensor.shape).toEqual([2, width]);
    expect(Object.keys(row)).toHaveLength(columns);
    expect(row['max_cons_blockhash'] ?? 1).toBeGreaterThan(0);
  });
});

it('leaves block hashes out in both profiles', () => {
  expect(family.settings).toEqual({ laptop: {}, competition: {} });
});
