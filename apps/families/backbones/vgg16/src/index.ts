import { backboneFamily, LayerList, type BackboneFamily, type BackboneSpec } from '@primatrix/backbones';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

/** VGG16 without its top (Simonyan and Zisserman, 2014): 13 convolutions, pooled after `block5_pool`. */
const backbone: BackboneSpec = {
  name: 'vgg16',
  title: 'VGG16',
  preprocess: 'caffe',
  minSize: 32,
  width: 512,
  layers: layers(),
  official: {
    fileName: 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    url: 'https://github.com/fchollet/deep-learning-models/releases/download/v0.1/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 58_889_256,
    md5: '6d6bbae143d832006294945121d1f1fc',
  },
};

/** VGG16 features of sampled frames: [frames, 512]. */
export const family: BackboneFamily = backboneFamily({
  name: 'vgg16',
  version,
  summary: 'VGG16 (ImageNet) features of sampled frames',
  backbone,
  settings: {
    // 96 clips of 7 s in well under a minute on two cores.
    laptop: { size: 80, every: 12, maxFrames: 16, batch: 8, resize: 'bilinear', seed: 1, storage: 'float32' },
    // The original's figures; one frame a run, because memory grows by 0.25 GB a frame at this size.
    competition: {
      size: 448,
      every: 3,
      batch: 1,
      resize: 'bilinear',
      convolution: 'winograd',
      seed: 1,
      storage: 'float32',
    },
  },
});

function layers() {
  const list = new LayerList();
  const blocks = [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ] as const;
  let x = 'input';
  blocks.forEach(([filters, convolutions], i) => {
    const block = `block${i + 1}`;
    for (let c = 1; c <= convolutions; c++) {
      x = list.relu(`${block}_relu${c}`, list.conv(`${block}_conv${c}`, x, filters));
    }
    x = list.maxPool(`${block}_pool`, x, { kernel: 2, stride: 2, pad: 'valid' });
  });
  return list.layers;
}
