import { createRequire } from 'node:module';
import { backboneFamily, resnet50 } from '@primatrix/backbones';
import type { FeatureFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** ResNet50 features of sampled frames: [frames, 2048]. */
export const family: FeatureFamily = backboneFamily({
  name: 'backbone-resnet50',
  version,
  summary: 'ResNet50 (ImageNet) features of sampled frames',
  backbone: resnet50,
  feature: 'resnet50',
  settings: {
    laptop: { size: 96, every: 12, maxFrames: 16, batch: 8, resize: 'bilinear', seed: 1, storage: 'float32' },
    // The original's figures.
    competition: { size: 224, every: 6, maxFrames: 60, batch: 4, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});
