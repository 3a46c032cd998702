import { outputShape, parameterCount } from '@primatrix/nets';
import { conformanceChecks, netConformance } from '@primatrix/nets/conformance';
import { expect, test } from 'vitest';
import { family } from './index.ts';

test('the laptop net keeps what nets promise', async () => {
  expect(
    await netConformance(family.build({ input: [16_384, 1], classes: 3, profile: 'laptop' }), { steps: 6 }),
  ).toEqual(conformanceChecks);
});

test("the competition net is the original's", () => {
  const { crop, crops, train } = family.settings.competition;
  expect([crop, crops]).toEqual([[327_680], 3]);
  expect([train.batch, train.stepsPerEpoch, train.maxEpochs, train.patience]).toEqual([48, 400, 200, 50]);
  const spec = family.build({ input: [327_680, 1], classes: 24, profile: 'competition' });
  expect(outputShape(spec)).toEqual([24]);
  expect(parameterCount(spec)).toBe(542_520);
});
