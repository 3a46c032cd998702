import type { Tensor } from '@primatrix/contracts';
import type { GraphBuilder } from '@primatrix/onnx';

/** Side of the piece of output that is computed at once, and of the piece of input that it needs. */
const [outSide, inSide] = [4, 6];
const positions = inSide * inSide;

/** Winograd's F(4x4, 3x3), as Lavin and Gray have it (2015): kernels, pictures and products go through these. */
const kernelTransform = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const pictureTransform = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const productTransform = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/**
 * A convolution of 3x3, stride 1, one pixel of zeros around, with a quarter of the multiplications: 36 products of matrices over pieces of
 * 4x4 pixels instead of 144. Sums differ from the plain ones by some 1e-5 of the largest.
 * @param input name of the value [n, channels, height, width]
 * @param kernel [filters, channels, 3, 3]
 * @param bias [filters]
 * @returns name of the value [n, filters, height, width]
 */
export function winogradConvolution(
  graph: GraphBuilder,
  name: string,
  input: string,
  kernel: Tensor<'float32'>,
  bias: Float32Array | undefined,
): string {
  const [filters, channels] = kernel.shape as [number, number, number, number];
  const tiles = graph.node(
    'Conv',
    [input, graph.initializer(`${name}/picture-transform`, pictureKernels(channels))],
    // Zeros beyond the right and lower edge, so that the last piece is whole whatever the size.
    { kernel_shape: [inSide, inSide], strides: [outSide, outSide], pads: [1, 1, outSide, outSide], group: channels },
  );
  const size = (value: string, from: number, to: number) => graph.node('Shape', [value], { start: from, end: to });
  const [batch, grid] = [size(tiles, 0, 1), size(tiles, 2, 4)];
  const reshape = (value: string, ...parts: readonly string[]) =>
    graph.node('Reshape', [value, graph.node('Concat', parts, { axis: 0 })]);
  // [n, channels, 36, tiles] to [36, channels, n * tiles]
  const apart = graph.node('Transpose', [reshape(tiles, batch, graph.ints([channels, positions, -1]))], {
    perm: [2, 1, 0, 3],
  });
  const products = graph.node('MatMul', [
    graph.initializer(`${name}/kernel`, transformedKernel(kernel)),
    graph.node('Reshape', [apart, graph.ints([positions, channels, -1])]),
  ]);
  const pieces = graph.node('MatMul', [
    graph.initializer(`${name}/product-transform`, productMatrix()),
    graph.node('Reshape', [products, graph.ints([positions, -1])]),
  ]);
  // [4, 4, filters, n, rows of pieces, columns of pieces] to [n, filters, rows of pieces, 4, columns of pieces, 4]
  const placed = graph.node('Transpose', [reshape(pieces, graph.ints([outSide, outSide, filters]), batch, grid)], {
    perm: [3, 2, 4, 0, 5, 1],
  });
  const whole = reshape(
    placed,
    batch,
    graph.ints([filters]),
    graph.node('Mul', [grid, graph.ints([outSide, outSide])]),
  );
  const cut = graph.node('Slice', [whole, graph.ints([0, 0]), size(input, 2, 4), graph.ints([2, 3])]);
  if (bias === undefined) return cut;
  const added = { dtype: 'float32' as const, shape: [filters, 1, 1], data: bias };
  return graph.node('Add', [cut, graph.initializer(`${name}/bias`, added)]);
}

/** For each channel 36 kernels of 6x6, the outer products of the rows that pictures go through: [36 * channels, 1, 6, 6]. */
function pictureKernels(channels: number): Tensor<'float32'> {
  const one = pictureTransform.flatMap((a) => pictureTransform.flatMap((b) => a.flatMap((u) => b.map((v) => u * v))));
  const data = new Float32Array(channels * one.length);
  for (let c = 0; c < channels; c++) data.set(one, c * one.length);
  return { dtype: 'float32', shape: [channels * positions, 1, inSide, inSide], data };
}

/** [filters, channels, 3, 3] to [36, filters, channels]. */
function transformedKernel({ shape, data }: Tensor<'float32'>): Tensor<'float32'> {
  const [filters, channels] = shape as [number, number, number, number];
  const pairs = filters * channels;
  const transformed = new Float32Array(positions * pairs);
  const factors = Float64Array.from(kernelTransform.flat());
  const half = new Float64Array(3);
  const factor = (row: number, column: number) => factors[row * 3 + column] as number;
  for (let pair = 0; pair < pairs; pair++) {
    for (let i = 0; i < inSide; i++) {
      for (let x = 0; x < 3; x++) {
        let sum = 0;
        for (let y = 0; y < 3; y++) sum += factor(i, y) * (data[pair * 9 + y * 3 + x] as number);
        half[x] = sum;
      }
      for (let j = 0; j < inSide; j++) {
        let sum = 0;
        for (let x = 0; x < 3; x++) sum += factor(j, x) * (half[x] as number);
        transformed[(i * inSide + j) * pairs + pair] = sum;
      }
    }
  }
  return { dtype: 'float32', shape: [positions, filters, channels], data: transformed };
}

/** The rows that products go through, for both axes at once: [16, 36]. */
function productMatrix(): Tensor<'float32'> {
  const data = Float32Array.from(
    productTransform.flatMap((a) => productTransform.flatMap((b) => a.flatMap((u) => b.map((v) => u * v)))),
  );
  return { dtype: 'float32', shape: [outSide * outSide, positions], data };
}
