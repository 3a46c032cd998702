import { backboneChecks, backboneConformance } from '@primatrix/backbones/conformance';
import { expect, it } from 'vitest';
import { family } from './index.ts';

it('keeps what backbones promise', async () => {
  const facts = {
    size: 32,
    width: 2048,
    parameters: { total: 23_587_712, frozen: 53_120 },
    multiplications: { size: 224, count: 3.86e9 },
  };
  expect(await backboneConformance(family, facts)).toEqual(backboneChecks);
});
