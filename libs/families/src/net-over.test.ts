import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import type { FeatureFamily } from './feature-family.ts';
import { netOfFile } from './net-file.ts';
import { netOver } from './net-over.ts';

const feature = {
  name: 'dino',
  settings: { laptop: { maxFrames: 12 }, competition: { maxFrames: 12 } },
  mostRows: () => 12,
} satisfies Partial<FeatureFamily> as unknown as FeatureFamily;

it('reads another family, with crops that its tensors can fill, and is otherwise the same net', async () => {
  await using folder = await temporaryFolder();
  const file = folder.join('net-pool.json');
  const train = { optimizer: { kind: 'adam' }, batch: 8, stepsPerEpoch: 2, maxEpochs: 2, patience: 2 };
  const layers = [{ type: 'GlobalMaxPooling1D' }];
  const laptop = { crop: [16], crops: 3, featureSettings: { size: 8 }, train, layers };
  await writeFile(file, JSON.stringify({ summary: 's', reads: 'x', overModels: true, profiles: ['laptop'], laptop }));
  const net = netOfFile(file);
  const over = netOver(net, feature);
  expect(net.overModels).toBe(true);
  expect(over).toMatchObject({
    name: 'net-pool-dino',
    version: net.version,
    summary: 'net-pool over dino',
    profiles: [],
  });
  expect(over.settings.laptop).toEqual({ feature: 'dino', crop: [12], crops: 3, train });
  expect(over.build({ input: [12, 4], classes: 2, profile: 'laptop' })).toEqual(
    net.build({ input: [12, 4], classes: 2, profile: 'laptop' }),
  );
  expect(
    netOver(net, { name: 'any', settings: feature.settings } as unknown as FeatureFamily).settings.laptop.crop,
  ).toEqual([16]);
  expect(() => over.settings.competition).toThrow('has no settings for the profile competition');
});
