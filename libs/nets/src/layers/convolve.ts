import type { Emitter } from '../graph/emitter.ts';

/** Sizes of a convolution or a pool over `kernel.length` axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  /** Zeros before and after each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/** Output sizes and padding as TensorFlow has them: for `same` the odd zero goes to the end. */
export function windowOf(input: readonly number[], kernel: readonly number[], strides: readonly number[], padding: 'valid' | 'same'): Window {
  const output = input.map((side, axis) => {
    const [k, s] = [kernel[axis] as number, strides[axis] as number];
    if (padding === 'valid' && side < k) throw new RangeError(`needs at least ${kernel.join(' x ')} positions`);
    return padding === 'same' ? Math.ceil(side / s) : Math.floor((side - k) / s) + 1;
  });
  const missing = input.map((side, axis) =>
    padding === 'same' ? Math.max(((output[axis] as number) - 1) * (strides[axis] as number) + (kernel[axis] as number) - side, 0) : 0,
  );
  const before = missing.map((zeros) => Math.floor(zeros / 2));
  return { kernel, strides, before, after: missing.map((zeros, axis) => zeros - (before[axis] as number)), input, output };
}

/** Keras kernel [...k, in, out] in ONNX order [out, in, ...k]. */
export function onnxKernel(e: Emitter, kernel: string, rank: number): string {
  return e.g.node('Transpose', [kernel], { perm: [rank + 1, rank, ...range(rank)] });
}

/** x [n, in, ...space] with a Keras kernel: [n, out, ...space]. */
export function convolve(e: Emitter, x: string, kernel: string, bias: string | undefined, w: Window): string {
  const inputs = [x, onnxKernel(e, kernel, w.kernel.length)];
  return e.g.node('Conv', bias === undefined ? inputs : [...inputs, bias], {
    kernel_shape: w.kernel, strides: w.strides, pads: [...w.before, ...w.after],
  });
}

/** Gradient of the input of {@link convolve}. */
export function convolveInputGradient(e: Emitter, dy: string, kernel: string, w: Window): string {
  const { g } = e;
  const rank = w.kernel.length;
  if (w.strides.some((stride) => stride > 1)) {
    // Zeros between the rows: no net of ours strides, so the slow operator is good enough.
    const pads = [...w.before, ...w.after];
    const left = w.input.map((side, axis) =>
      side + (w.before[axis] as number) + (w.after[axis] as number) - (((w.output[axis] as number) - 1) * (w.strides[axis] as number) + (w.kernel[axis] as number)));
    return g.node('ConvTranspose', [dy, onnxKernel(e, kernel, rank)], { kernel_shape: w.kernel, strides: w.strides, pads, output_padding: left });
  }
  // The same sum read the other way: a convolution with the kernel turned around and its channels swapped.
  const ends = w.kernel.map(() => -(2 ** 31));
  const turned = g.node('Slice', [kernel, g.ints(w.kernel.map(() => -1)), g.ints(ends), g.ints(range(rank)), g.ints(w.kernel.map(() => -1))]);
  return g.node('Conv', [dy, g.node('Transpose', [turned], { perm: [rank, rank + 1, ...range(rank)] })], {
    kernel_shape: w.kernel,
    pads: [...w.kernel.map((k, axis) => k - 1 - (w.before[axis] as number)), ...w.kernel.map((k, axis) => k - 1 - (w.after[axis] as number))],
  });
}

/** Largest block of shifted inputs that is multiplied at once, bytes: about what a cache holds. */
const blockBytes = 6e6;

/** Most work that zeros may add where the output's gradient is shifted instead of the input. */
const mostZeros = 1.2;

/**
 * Gradient of the kernel of {@link convolve}, in Keras' layout: for each place of the kernel the input shifted by it
 * times the output's gradient. Several places make one product, as long as the shifted inputs fit into the cache:
 * 1.2 to 2 times as fast as a convolution with batch and channels swapped. Along the first of several axes it is the
 * gradient that is shifted, once for all other places: fewer copies, and wider products.
 */
export function convolveKernelGradient(e: Emitter, x: string, dy: string, channels: readonly [number, number], w: Window): string {
  const { g } = e;
  const [inChannels, outChannels] = channels;
  const rank = w.kernel.length;
  const pads = [0, 0, ...w.before, 0, 0, ...w.after];
  const padded = pads.some((zeros) => zeros > 0) ? g.node('Pad', [x, g.ints(pads)]) : x;
  const [depth, side] = [w.kernel[0] as number, w.output[0] as number];
  const together = rank > 1 && depth > 1 && w.strides[0] === 1 && (side + depth - 1) / side <= mostZeros ? depth : 1;
  const output = [side + together - 1, ...w.output.slice(1)];
  const positions = output.reduce((a, b) => a * b, 1);
  const kernel = together === 1 ? w.kernel : [1, ...w.kernel.slice(1)];
  const dys = range(together).map((shift) =>
    together === 1 ? dy : g.node('Pad', [dy, g.ints([0, 0, shift, ...range(rank - 1).map(() => 0), 0, 0, together - 1 - shift, ...range(rank - 1).map(() => 0)])]));
  const dyRows = e.reshape(dys.length === 1 ? dy : g.node('Concat', dys, { axis: 1 }), [together * outChannels, positions]);
  const axes = g.ints(range(rank, 2));
  const steps = g.ints(w.strides);
  const shifted = places(kernel).map((place) => {
    const ends = place.map((start, axis) => start + (w.strides[axis] as number) * ((output[axis] as number) - 1) + 1);
    const whole = place.every((start, axis) => start === 0 && ends[axis] === (w.input[axis] as number) + (w.before[axis] as number) + (w.after[axis] as number));
    return e.reshape(whole ? padded : g.node('Slice', [padded, g.ints(place), g.ints(ends), axes, steps]), [inChannels, positions]);
  });
  const perBlock = Math.max(1, Math.floor(blockBytes / (inChannels * positions * 4)));
  const products: string[] = [];
  for (let start = 0; start < shifted.length; start += perBlock) {
    const block = shifted.slice(start, start + perBlock);
    const rows = block.length === 1 ? (block[0] as string) : g.node('Concat', block, { axis: 1 });
    products.push(g.node('FusedMatMul', [rows, dyRows], { transB: 1 }, { domain: 'com.microsoft' }));
  }
  const all = products.length === 1 ? (products[0] as string) : g.node('Concat', products, { axis: 1 });
  const sum = g.node('ReduceSum', [all, g.ints([0])], { keepdims: 0 });
  if (together === 1) return g.node('Reshape', [sum, g.ints([...w.kernel, inChannels, outChannels])]);
  const apart = g.node('Reshape', [sum, g.ints([shifted.length * inChannels, together, outChannels])]);
  return g.node('Reshape', [g.node('Transpose', [apart], { perm: [1, 0, 2] }), g.ints([...w.kernel, inChannels, outChannels])]);
}

/** Gradient of a bias over channels: dy [n, c, ...space] summed over all but c. */
export function channelSums(e: Emitter, dy: string, rank: number): string {
  return e.g.node('ReduceSum', [dy, e.g.ints([0, ...range(rank, 2)])], { keepdims: 0 });
}

/** All places of a kernel in row-major order. */
function places(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((all, side) => all.flatMap((place) => range(side).map((i) => [...place, i])), [[]]);
}

export function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
