import { backboneChecks, backboneConformance, untrainedFeatures } from '@primatrix/backbones/conformance';
import { expect, it } from 'vitest';
import { family } from './index.ts';

it('keeps what backbones promise', async () => {
  const facts = {
    size: 32,
    width: 512,
    parameters: { total: 14_714_688, frozen: 0 },
    multiplications: { size: 224, count: 15.35e9 },
  };
  expect(await backboneConformance(family, facts)).toEqual(backboneChecks);
});

it('is untrained without weights, and still tells pictures apart', async () => {
  const { mean, cosine } = await untrainedFeatures(family, 1);
  expect(mean).toBeGreaterThan(0.2);
  expect(mean).toBeLessThan(10);
  expect(cosine).toBeLessThan(0.98);
});
