import { backboneChecks, backboneConformance } from '@primatrix/backbones/conformance';
import { expect, it } from 'vitest';
import { family } from './index.ts';

it('keeps what backbones promise', async () => {
  const facts = {
    size: 75,
    width: 2048,
    parameters: { total: 21_802_784, frozen: 34_432 },
    multiplications: { size: 299, count: 5.71e9 },
  };
  expect(await backboneConformance(family, facts)).toEqual(backboneChecks);
});
