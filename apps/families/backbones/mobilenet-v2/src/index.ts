import { createRequire } from 'node:module';
import { backboneFamily, mobilenetV2 } from '@primatrix/backbones';
import type { FeatureFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** MobileNetV2 features of sampled frames: [frames, 1280]. */
export const family: FeatureFamily = backboneFamily({
  name: 'backbone-mobilenet-v2',
  version,
  summary: 'MobileNetV2 (ImageNet) features of sampled frames',
  backbone: mobilenetV2,
  feature: 'mobilenet-v2',
  settings: {
    // 96 clips of 7 s in well under a minute on two cores; clips of 2 s still have enough frames to show motion.
    laptop: { size: 128, every: 4, maxFrames: 20, batch: 10, resize: 'bilinear', seed: 1, storage: 'float32' },
    competition: { size: 224, every: 6, maxFrames: 60, batch: 10, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});
