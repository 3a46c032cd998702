import { backboneFamily, LayerList, type BackboneFamily, type BackboneSpec, type Padding } from '@primatrix/backbones';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

const pad3: Padding = [3, 3, 3, 3];
const pad1: Padding = [1, 1, 1, 1];

/** What differs between the two ResNet50 of Keras: names, batch-norm epsilon, and whether the first pool is padded. */
interface Edition {
  readonly epsilon: number;
  readonly poolPad: Padding | 'valid';
  readonly stem: { readonly conv: string; readonly norm: string };
  /** @param stage 2 to 5; `block` from 0; `branch` 0 is the shortcut, 1 to 3 the convolutions */
  readonly names: (stage: number, block: number, branch: number) => { readonly conv: string; readonly norm: string };
}

const later: Edition = {
  epsilon: 1.001e-5,
  poolPad: pad1,
  stem: { conv: 'conv1_conv', norm: 'conv1_bn' },
  names: (stage, block, branch) => {
    const prefix = `conv${stage}_block${block + 1}_${branch}`;
    return { conv: `${prefix}_conv`, norm: `${prefix}_bn` };
  },
};

const keras208: Edition = {
  epsilon: 1e-3,
  poolPad: 'valid',
  stem: { conv: 'conv1', norm: 'bn_conv1' },
  names: (stage, block, branch) => {
    const suffix = `${stage}${'abcdef'[block]}_branch${branch === 0 ? '1' : `2${'abc'[branch - 1]}`}`;
    return { conv: `res${suffix}`, norm: `bn${suffix}` };
  },
};

const common = { name: 'resnet50', title: 'ResNet50', preprocess: 'caffe', minSize: 32, width: 2048 } as const;

/** ResNet50 as Keras 2.0.8 had it, which the original of this pipeline used. */
const resnet50Keras208: BackboneSpec = {
  ...common,
  layers: layers(keras208),
  official: {
    fileName: 'resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    url: 'https://github.com/fchollet/deep-learning-models/releases/download/v0.2/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 94_653_016,
    md5: 'a268eb855778b3df3c7506639542a6af',
  },
};

/**
 * ResNet50 v1 without its top (He et al., 2015): strides on the first 1x1 convolution of a block, biases on all
 * convolutions. Files of Keras 2.0.8 are taken too, with that version's epsilon and pool.
 */
const backbone: BackboneSpec = {
  ...common,
  layers: layers(later),
  official: {
    fileName: 'resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    url: 'https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 94_765_736,
    md5: '4d473c1dd8becc155b73f8504c6f6626',
  },
  earlier: resnet50Keras208,
};

/** ResNet50 features of sampled frames: [frames, 2048]. */
export const family: BackboneFamily = backboneFamily({
  name: 'resnet50',
  version,
  summary: 'ResNet50 (ImageNet) features of sampled frames',
  backbone,
  settings: {
    laptop: { size: 96, every: 12, maxFrames: 16, batch: 8, resize: 'bilinear', seed: 1, storage: 'float32' },
    // The original's figures.
    competition: { size: 224, every: 6, batch: 4, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});

function layers({ epsilon, poolPad, stem, names }: Edition) {
  const list = new LayerList();
  const convNorm = (
    name: { conv: string; norm: string },
    input: string,
    filters: number,
    options: Parameters<LayerList['conv']>[3],
  ) => list.batchNorm(name.norm, list.conv(name.conv, input, filters, options), { epsilon });
  let x = list.relu('conv1_relu', convNorm(stem, 'input', 64, { kernel: 7, stride: 2, pad: pad3 }));
  x = list.maxPool('pool1', x, { kernel: 3, stride: 2, pad: poolPad });
  [3, 4, 6, 3].forEach((blocks, i) => {
    const filters = 64 * 2 ** i;
    for (let block = 0; block < blocks; block++) {
      const name = (branch: number) => names(i + 2, block, branch);
      const stride = block === 0 && i > 0 ? 2 : 1;
      const shortcut = block === 0 ? convNorm(name(0), x, 4 * filters, { kernel: 1, stride, pad: 'valid' }) : x;
      let y = list.relu(`${name(1).conv}_relu`, convNorm(name(1), x, filters, { kernel: 1, stride, pad: 'valid' }));
      y = list.relu(`${name(2).conv}_relu`, convNorm(name(2), y, filters, {}));
      y = convNorm(name(3), y, 4 * filters, { kernel: 1 });
      x = list.relu(`${name(3).conv}_out`, list.sum(`${name(3).conv}_add`, [shortcut, y]));
    }
  });
  return list.layers;
}
