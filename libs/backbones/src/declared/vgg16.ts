import type { BackboneSpec } from '../backbone-spec.ts';
import { LayerList } from '../layer-list.ts';

/** VGG16 without its top (Simonyan and Zisserman, 2014): 13 convolutions, pooled after `block5_pool`. */
export const vgg16: BackboneSpec = {
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
