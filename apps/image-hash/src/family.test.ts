import { featureConformance } from '@primatrix/families/conformance';
import { describe, it } from 'vitest';
import { family } from './family.ts';

describe('image-hash', async () => {
  const context = { weightsDir: '', threads: 1, device: 'cpu' } as const;
  const settings = family.settings.laptop;
  it.each(featureConformance)('$name', async ({ run }) => {
    const extractor = await family.open(settings, context);
    await run({ family, extractor, settings, context, maxRows: Number.POSITIVE_INFINITY });
  });
});
