import { outputShape, parameterCount } from '@primatrix/nets';
import { conformanceChecks, netConformance } from '@primatrix/nets/conformance';
import { expect, test } from 'vitest';
import { conv3dFamily, family, variants, type VariantName } from './index.ts';

test('the laptop net keeps what nets promise', async () => {
  expect(await netConformance(family.build({ input: [8, 8, 8, 3], classes: 3, profile: 'laptop' }))).toEqual(
    conformanceChecks,
  );
});

test("the competition net is trained as the original's", () => {
  const { crop, crops, train } = family.settings.competition;
  expect([crop, crops]).toEqual([
    [24, 56, 56],
    [3, 3, 3],
  ]);
  expect([train.batch, train.stepsPerEpoch, train.maxEpochs, train.patience]).toEqual([32, 200, 2000, 50]);
  expect(train.then?.optimizer).toEqual({ kind: 'sgd', learningRate: 1e-4 });
  expect(train.augment).toEqual({ flip: true, channelShift: 3 });
});

// Counted by hand from the kernels' sizes.
const parameters: Readonly<Record<VariantName, number>> = {
  'vgg3d-24x56': 1_439_752,
  'vgg3d-24x56-wide': 3_288_312,
  'vgg3d-nano': 1_366_448,
  'cnn-lstm-nano-v1': 590_312,
  'cnn-lstm-nano-v2': 1_352_936,
  'convlstm-nano': 11_893_144,
  'vgg3d-54x112': 2_137_720,
  'vgg3d-54x224': 6_911_136,
  'vgg3d-56x224': 4_546_928,
};

test.each(Object.keys(variants) as VariantName[])('%s has the layers that its name stands for', (name) => {
  const { crop, clip } = variants[name];
  expect(crop[0]).toBeLessThan(clip.frames);
  expect(crop[1]).toBeLessThan(clip.size);
  const spec = conv3dFamily(name).build({ input: [...crop, 3], classes: 24, profile: 'competition' });
  expect(outputShape(spec)).toEqual(name === 'cnn-lstm-nano-v1' ? [28, 24] : [24]);
  expect(parameterCount(spec)).toBe(parameters[name]);
});
