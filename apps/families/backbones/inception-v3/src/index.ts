import { backboneFamily, LayerList, type BackboneFamily, type BackboneSpec } from '@primatrix/backbones';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

/**
 * Inception v3 without its top (Szegedy et al., 2015): convolutions without bias, batch norm without scale.
 * Keras gave its layers no names, so they are numbered in the order of their making: `conv2d_1` to `conv2d_94`.
 */
const backbone: BackboneSpec = {
  name: 'inception-v3',
  title: 'Inception v3',
  preprocess: 'tf',
  minSize: 75,
  width: 2048,
  layers: layers(),
  official: {
    fileName: 'inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5',
    url: 'https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 87_910_968,
    md5: 'bcbd6486424b2319ff4ef7d526e38f63',
  },
};

/** Inception v3 features of sampled frames: [frames, 2048]. */
export const family: BackboneFamily = backboneFamily({
  name: 'inception-v3',
  version,
  summary: 'Inception v3 (ImageNet) features of sampled frames',
  backbone,
  settings: {
    laptop: { size: 139, every: 12, maxFrames: 16, batch: 8, resize: 'bilinear', seed: 1, storage: 'float32' },
    // The original's figures, which never turned OpenCV's BGR; one frame a run, because larger ones only need more memory.
    competition: { size: 598, every: 6, channels: 'bgr', batch: 1, resize: 'bilinear', seed: 1, storage: 'float32' },
  },
});

/** Filters, kernel height, kernel width. */
type Step = readonly [number, number, number];

function layers() {
  const list = new LayerList();
  const halving = { kernel: 3, stride: 2, pad: 'valid' } as const;
  let made = 0;
  let pools = 0;

  const conv = (input: string, [filters, h, w]: Step, options: { stride?: number; pad?: 'same' | 'valid' } = {}) => {
    const number = ++made;
    const x = list.conv(`conv2d_${number}`, input, filters, { kernel: [h, w], bias: false, ...options });
    return list.relu(
      `activation_${number}`,
      list.batchNorm(`batch_normalization_${number}`, x, { epsilon: 1e-3, scale: false }),
    );
  };
  /** One convolution after another, 'same'. */
  const chain = (input: string, ...steps: Step[]) => steps.reduce((x, step) => conv(x, step), input);
  const maxPool = (input: string) => list.maxPool(`max_pooling2d_${++pools}`, input, halving);
  const poolBranch = (input: string, filters: number) =>
    conv(list.averagePool(`average_pooling2d_${++pools}`, input, { kernel: 3 }), [filters, 1, 1]);

  let x = conv('input', [32, 3, 3], { stride: 2, pad: 'valid' });
  x = conv(x, [32, 3, 3], { pad: 'valid' });
  x = maxPool(conv(x, [64, 3, 3]));
  x = conv(x, [80, 1, 1], { pad: 'valid' });
  x = maxPool(conv(x, [192, 3, 3], { pad: 'valid' }));

  [32, 64, 64].forEach((filters, i) => {
    const one = chain(x, [64, 1, 1]);
    const five = chain(x, [48, 1, 1], [64, 5, 5]);
    const three = chain(x, [64, 1, 1], [96, 3, 3], [96, 3, 3]);
    x = list.concat(`mixed${i}`, [one, five, three, poolBranch(x, filters)]);
  });

  const three = conv(x, [384, 3, 3], { stride: 2, pad: 'valid' });
  const double = conv(chain(x, [64, 1, 1], [96, 3, 3]), [96, 3, 3], { stride: 2, pad: 'valid' });
  x = list.concat('mixed3', [three, double, maxPool(x)]);

  [128, 160, 160, 192].forEach((n, i) => {
    const one = chain(x, [192, 1, 1]);
    const seven = chain(x, [n, 1, 1], [n, 1, 7], [192, 7, 1]);
    const twice = chain(x, [n, 1, 1], [n, 7, 1], [n, 1, 7], [n, 7, 1], [192, 1, 7]);
    x = list.concat(`mixed${i + 4}`, [one, seven, twice, poolBranch(x, 192)]);
  });

  const last3 = conv(chain(x, [192, 1, 1]), [320, 3, 3], { stride: 2, pad: 'valid' });
  const last7 = conv(chain(x, [192, 1, 1], [192, 1, 7], [192, 7, 1]), [192, 3, 3], { stride: 2, pad: 'valid' });
  x = list.concat('mixed8', [last3, last7, maxPool(x)]);

  for (let i = 9; i <= 10; i++) {
    const one = chain(x, [320, 1, 1]);
    const split = (name: string, input: string) =>
      list.concat(`mixed${i}_${name}`, [conv(input, [384, 1, 3]), conv(input, [384, 3, 1])]);
    const single = split('3x3', chain(x, [384, 1, 1]));
    const doubled = split('3x3dbl', chain(x, [448, 1, 1], [384, 3, 3]));
    x = list.concat(`mixed${i}`, [one, single, doubled, poolBranch(x, 192)]);
  }
  return list.layers;
}
