import { createRequire } from 'node:module';
import { backboneFamily, vgg16 } from '@primatrix/backbones';
import type { FeatureFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** VGG16 features of sampled frames: [frames, 512]. */
export const family: FeatureFamily = backboneFamily({
  name: 'backbone-vgg16',
  version,
  summary: 'VGG16 (ImageNet) features of sampled frames',
  backbone: vgg16,
  feature: 'vgg16',
  settings: {
    // 96 clips of 7 s in well under a minute on two cores.
    laptop: { size: 80, every: 12, maxFrames: 16, batch: 8, resize: 'bilinear', seed: 1, storage: 'float32' },
    // The original's figures; one frame a run, because memory grows by 0.25 GB a frame at this size.
    competition: { size: 448, every: 3, maxFrames: 120, batch: 1, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});
