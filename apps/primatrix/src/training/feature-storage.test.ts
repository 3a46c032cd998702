import { expect, it } from 'vitest';
import { installedFamilies } from '../installed-families.ts';
import { withStorage } from './feature-storage.ts';

it('keeps features of backbones in half the room, and leaves settings of others as they are', async () => {
  const families = await installedFamilies();
  const changed = withStorage(families, 'competition', 'float16').filter((family, i) => family !== families[i]);
  expect(changed.map(({ name }) => name).sort()).toEqual([
    'inception-v3',
    'mobilenet-v2',
    'resnet50',
    'squeezenet',
    'vgg16',
  ]);
  for (const family of changed) {
    expect(family).toMatchObject({ settings: { competition: { storage: 'float16' }, laptop: { storage: 'float32' } } });
  }
  expect(withStorage(families, 'competition', undefined)).toEqual(families);
});
