import { backboneFamily, LayerList, type BackboneFamily, type BackboneSpec, type Padding } from '@primatrix/backbones';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

/**
 * MobileNetV2 1.0 without its top (Sandler et al., 2018): relu6, 17 inverted residual blocks, 1,280 features.
 * Stride-2 convolutions are padded at the end only, which is what Keras does for pictures whose sides are
 * multiples of 32; take such sizes.
 */
const backbone: BackboneSpec = {
  name: 'mobilenet-v2',
  title: 'MobileNetV2 1.0',
  preprocess: 'tf',
  minSize: 32,
  width: 1280,
  layers: layers(),
  official: {
    fileName: 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5',
    url: 'https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5',
    bytes: 9_406_464,
    md5: null,
  },
};

/** MobileNetV2 features of sampled frames: [frames, 1280]. */
export const family: BackboneFamily = backboneFamily({
  name: 'mobilenet-v2',
  version,
  summary: 'MobileNetV2 (ImageNet) features of sampled frames',
  backbone,
  settings: {
    // 96 clips of 7 s in well under a minute on two cores; clips of 2 s still have enough frames to show motion.
    laptop: { size: 128, every: 4, maxFrames: 20, batch: 10, resize: 'bilinear', seed: 1, storage: 'float32' },
    competition: { size: 224, every: 6, maxFrames: 60, batch: 10, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});

function layers() {
  const list = new LayerList();
  const norm = { epsilon: 1e-3 };
  const padEnd: Padding = [0, 0, 1, 1];
  let x = list.conv('Conv1', 'input', 32, { stride: 2, pad: padEnd, bias: false });
  x = list.relu6('Conv1_relu', list.batchNorm('bn_Conv1', x, norm));
  let channels = 32;

  const block = (prefix: string, filters: number, stride: number, expand: boolean) => {
    let y = x;
    if (expand) {
      y = list.conv(`${prefix}_expand`, y, channels * 6, { kernel: 1, bias: false });
      y = list.relu6(`${prefix}_expand_relu`, list.batchNorm(`${prefix}_expand_BN`, y, norm));
    }
    y = list.depthwise(`${prefix}_depthwise`, y, { stride, pad: stride === 2 ? padEnd : 'same' });
    y = list.relu6(`${prefix}_depthwise_relu`, list.batchNorm(`${prefix}_depthwise_BN`, y, norm));
    y = list.conv(`${prefix}_project`, y, filters, { kernel: 1, bias: false });
    y = list.batchNorm(`${prefix}_project_BN`, y, norm);
    x = filters === channels && stride === 1 ? list.sum(`${prefix}_add`, [x, y]) : y;
    channels = filters;
  };

  block('expanded_conv', 16, 1, false);
  // Filters, stride of the first block, number of blocks.
  const stages = [
    [24, 2, 2],
    [32, 2, 3],
    [64, 2, 4],
    [96, 1, 3],
    [160, 2, 3],
    [320, 1, 1],
  ] as const;
  let number = 1;
  for (const [filters, stride, count] of stages) {
    for (let i = 0; i < count; i++) block(`block_${number++}`, filters, i === 0 ? stride : 1, true);
  }
  x = list.conv('Conv_1', x, 1280, { kernel: 1, bias: false });
  list.relu6('out_relu', list.batchNorm('Conv_1_bn', x, norm));
  return list.layers;
}
