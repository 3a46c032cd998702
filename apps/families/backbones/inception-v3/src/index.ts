import { createRequire } from 'node:module';
import { backboneFamily, inceptionV3 } from '@primatrix/backbones';
import type { FeatureFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Inception v3 features of sampled frames: [frames, 2048]. */
export const family: FeatureFamily = backboneFamily({
  name: 'backbone-inception-v3',
  version,
  summary: 'Inception v3 (ImageNet) features of sampled frames',
  backbone: inceptionV3,
  feature: 'inception-v3',
  settings: {
    laptop: { size: 139, every: 12, maxFrames: 16, batch: 8, resize: 'bilinear', seed: 1, storage: 'float32' },
    // The original's figures; one frame a run, because larger ones only need more memory.
    competition: { size: 598, every: 6, maxFrames: 60, batch: 1, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});
