import { backboneChecks, backboneConformance } from '@primatrix/backbones/conformance';
import { expect, it } from 'vitest';
import { family } from './index.ts';

it('keeps what backbones promise', async () => {
  expect(await backboneConformance(family, { size: 32, width: 512 })).toEqual(backboneChecks);
});
