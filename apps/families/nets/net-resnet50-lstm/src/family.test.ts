import { outputShape, parameterCount } from '@primatrix/nets';
import { conformanceChecks, netConformance } from '@primatrix/nets/conformance';
import { expect, test } from 'vitest';
import { family } from './index.ts';

test('the laptop net keeps what nets promise', async () => {
  expect(await netConformance(family.build({ input: [12, 16], classes: 3, profile: 'laptop' }))).toEqual(
    conformanceChecks,
  );
});

test("the competition net is the original's", () => {
  const { crop, crops, train } = family.settings.competition;
  expect([crop, crops]).toEqual([[56], 3]);
  expect([train.batch, train.stepsPerEpoch, train.maxEpochs, train.patience]).toEqual([48, 200, 2000, 50]);
  const spec = family.build({ input: [56, 2048], classes: 24, profile: 'competition' });
  expect(outputShape(spec)).toEqual([24]);
  expect(parameterCount(spec)).toBe(2_494_712);
});
