import type { Tensor } from '@primatrix/contracts';
import { wholeNumbers, type Conversion, type Convert } from './conversion.ts';

/**
 * Operations on pictures. TensorFlow's lie as [n, height, width, channels] and ONNX's as [n, channels, height, width]: each is turned
 * and turned back, which ONNX Runtime takes out again between two of them.
 */
export const pictureConversions: Readonly<Record<string, Convert>> = {
  Conv2D: (conversion) => channelsLast(conversion, (x) => convolution(conversion, x, filterOf(conversion))),
  _FusedConv2D: (conversion) => fused(conversion, filterOf),
  DepthwiseConv2dNative: (conversion) =>
    channelsLast(conversion, (x) => convolution(conversion, x, depthwiseFilterOf(conversion))),
  FusedDepthwiseConv2dNative: (conversion) => fused(conversion, depthwiseFilterOf),
  MaxPool: (conversion) =>
    channelsLast(conversion, (x) => {
      const { graph, node } = conversion;
      const sides = spatial(conversion, node.attr['ksize']?.list?.i, 'ksize');
      return graph.node('MaxPool', [x], { kernel_shape: sides, ...placing(conversion) });
    }),
  ResizeBilinear: (conversion) =>
    channelsLast(conversion, (x) => {
      const { graph, node, refuse } = conversion;
      const size = wholeNumbers(conversion, 1);
      if (size.length !== 2) throw refuse(`must resize to a height and a width, got [${size.join(', ')}]`);
      const corners = node.attr['align_corners']?.b === true;
      const centres = node.attr['half_pixel_centers']?.b === true;
      // All four sizes: by `axes`, ONNX Runtime's own turning of pictures loses them.
      const kept = graph.node('Slice', [graph.node('Shape', [x]), graph.ints([0]), graph.ints([2])]);
      const sizes = graph.node('Concat', [kept, graph.ints(size)], { axis: 0 });
      return graph.node('Resize', [x, '', '', sizes], {
        mode: 'linear',
        coordinate_transformation_mode: corners ? 'align_corners' : centres ? 'half_pixel' : 'asymmetric',
      });
    }),
};

/** Weights of a convolution as ONNX has them: [out, in / groups, height, width]. */
interface Filter {
  readonly name: string;
  readonly sides: readonly [number, number];
  /** 1, or one a channel. */
  readonly groups: number;
}

/** Of TensorFlow's [height, width, in, out]. */
function filterOf(conversion: Conversion): Filter {
  const filter = kernel(conversion);
  const [height, width, ins, outs] = filter.shape as [number, number, number, number];
  const data = new Float32Array(filter.data.length);
  const area = height * width;
  for (let i = 0; i < data.length; i++) {
    const out = i % outs;
    const within = Math.floor(i / outs) % ins;
    data[(out * ins + within) * area + Math.floor(i / (outs * ins))] = filter.data[i] as number;
  }
  const name = conversion.store('filter', { dtype: 'float32', shape: [outs, ins, height, width], data });
  return { name, sides: [height, width], groups: 1 };
}

/** Of TensorFlow's [height, width, in, multiplier]: output in * multiplier + m is of channel `in`. */
function depthwiseFilterOf(conversion: Conversion): Filter {
  const filter = kernel(conversion);
  const [height, width, ins, times] = filter.shape as [number, number, number, number];
  const outs = ins * times;
  const data = new Float32Array(filter.data.length);
  const area = height * width;
  for (let i = 0; i < data.length; i++) data[(i % outs) * area + Math.floor(i / outs)] = filter.data[i] as number;
  const name = conversion.store('filter', { dtype: 'float32', shape: [outs, 1, height, width], data });
  return { name, sides: [height, width], groups: ins };
}

function kernel({ constant, refuse }: Conversion): Tensor<'float32'> {
  const filter = constant(1);
  if (filter.dtype !== 'float32' || filter.shape.length !== 4) {
    throw refuse(`must have a filter of float32 with 4 axes, got ${filter.dtype} [${filter.shape.join(', ')}]`);
  }
  return filter as Tensor<'float32'>;
}

function fused(conversion: Conversion, filter: (conversion: Conversion) => Filter): string {
  const { graph, node, input, refuse } = conversion;
  const [first, then, more] = node.attr['fused_ops']?.list?.s ?? [];
  if (first !== 'BiasAdd' || more !== undefined) throw refuse('must be fused with BiasAdd and one operation at most');
  return channelsLast(conversion, (x) => {
    const y = convolution(conversion, x, filter(conversion), input(2));
    if (then === undefined) return y;
    if (then === 'Relu') return graph.node('Relu', [y]);
    if (then === 'Relu6') return graph.node('Clip', [y, graph.floats(0), graph.floats(6)]);
    throw refuse(`is fused with ${then}, which is not known here`);
  });
}

function convolution(conversion: Conversion, x: string, { name, sides, groups }: Filter, bias?: string): string {
  const dilations = spatial(conversion, conversion.node.attr['dilations']?.list?.i ?? [1, 1, 1, 1], 'dilations');
  return conversion.graph.node('Conv', bias === undefined ? [x, name] : [x, name, bias], {
    kernel_shape: sides,
    group: groups,
    dilations,
    ...placing(conversion),
  });
}

/** Strides and padding. TensorFlow's SAME puts the odd pixel below and to the right, as ONNX's SAME_UPPER does. */
function placing(conversion: Conversion): { strides: [number, number]; auto_pad: string } {
  const { node, refuse } = conversion;
  const padding = node.attr['padding']?.s;
  if (padding !== 'SAME' && padding !== 'VALID') throw refuse(`must be padded SAME or VALID, got ${padding}`);
  const layout = node.attr['data_format']?.s ?? 'NHWC';
  if (layout !== 'NHWC') throw refuse(`must be of pictures as NHWC, got ${layout}`);
  return {
    strides: spatial(conversion, node.attr['strides']?.list?.i, 'strides'),
    auto_pad: padding === 'SAME' ? 'SAME_UPPER' : 'VALID',
  };
}

/** The two in the middle of four, of which the others must be 1. */
function spatial({ refuse }: Conversion, four: readonly number[] | undefined, what: string): [number, number] {
  const [n, height, width, channels] = four ?? [];
  if (n !== 1 || channels !== 1 || height === undefined || width === undefined) {
    throw refuse(`must have ${what} [1, height, width, 1], got [${four?.join(', ') ?? ''}]`);
  }
  return [height, width];
}

function channelsLast({ graph, input }: Conversion, make: (x: string) => string): string {
  const turned = graph.node('Transpose', [input(0)], { perm: [0, 3, 1, 2] });
  return graph.node('Transpose', [make(turned)], { perm: [0, 2, 3, 1] });
}
