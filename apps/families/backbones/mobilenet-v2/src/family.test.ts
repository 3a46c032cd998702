import { backboneChecks, backboneConformance } from '@primatrix/backbones/conformance';
import { expect, it } from 'vitest';
import { family } from './index.ts';

it('keeps what backbones promise', async () => {
  const facts = {
    size: 32,
    width: 1280,
    parameters: { total: 2_257_984, frozen: 34_112 },
    multiplications: { size: 224, count: 0.3e9 },
  };
  expect(await backboneConformance(family, facts)).toEqual(backboneChecks);
});
