import { backboneFamily, LayerList, type BackboneFamily, type BackboneSpec } from '@primatrix/backbones';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

/**
 * SqueezeNet 1.1 without its top (Iandola et al., 2016; its authors' second release, of a third of the work): eight fire modules,
 * 512 features. The file is a conversion of the authors' Caffe weights, as Keras publishes none; its MD5 was taken here.
 */
const backbone: BackboneSpec = {
  name: 'squeezenet',
  title: 'SqueezeNet 1.1',
  preprocess: 'caffe',
  minSize: 48,
  width: 512,
  layers: layers(),
  official: {
    fileName: 'squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5',
    url: 'https://raw.githubusercontent.com/DeepCognition/keras-squeezenet/a73d4339aa4d37c51a0b3ba044bed55477abec73/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 3_002_560,
    md5: '80b66c92d79d4310e07fb60a297bf0d1',
  },
};

/** SqueezeNet 1.1 features of sampled frames: [frames, 512]. */
export const family: BackboneFamily = backboneFamily({
  name: 'squeezenet',
  version,
  summary: 'SqueezeNet 1.1 (ImageNet) features of sampled frames',
  backbone,
  settings: {
    laptop: { size: 128, every: 4, maxFrames: 20, batch: 10, resize: 'bilinear', seed: 1, storage: 'float32' },
    competition: { size: 224, every: 6, maxFrames: 60, batch: 10, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});

function layers() {
  const list = new LayerList();
  const pool = { stride: 2, pad: 'valid' } as const;
  let x = list.relu('relu_conv1', list.conv('conv1', 'input', 64, { stride: 2, pad: 'valid' }));

  const fire = (number: number, squeezed: number, expanded: number) => {
    const part = (name: string, input: string, filters: number, kernel: number) =>
      list.relu(`fire${number}/relu_${name}`, list.conv(`fire${number}/${name}`, input, filters, { kernel }));
    const narrow = part('squeeze1x1', x, squeezed, 1);
    const wide = [part('expand1x1', narrow, expanded, 1), part('expand3x3', narrow, expanded, 3)];
    x = list.concat(`fire${number}/concat`, wide);
  };

  x = list.maxPool('pool1', x, pool);
  fire(2, 16, 64);
  fire(3, 16, 64);
  x = list.maxPool('pool3', x, pool);
  fire(4, 32, 128);
  fire(5, 32, 128);
  x = list.maxPool('pool5', x, pool);
  fire(6, 48, 192);
  fire(7, 48, 192);
  fire(8, 64, 256);
  fire(9, 64, 256);
  return list.layers;
}
