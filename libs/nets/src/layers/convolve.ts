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
export function windowOf(
  input: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  padding: 'valid' | 'same',
): Window {
  const output = input.map((side, axis) => {
    const [k, s] = [kernel[axis] as number, strides[axis] as number];
    if (padding === 'valid' && side < k) throw new RangeError(`needs at least ${kernel.join(' x ')} positions`);
    return padding === 'same' ? Math.ceil(side / s) : Math.floor((side - k) / s) + 1;
  });
  const missing = input.map((side, axis) =>
    padding === 'same'
      ? Math.max(((output[axis] as number) - 1) * (strides[axis] as number) + (kernel[axis] as number) - side, 0)
      : 0,
  );
  const before = missing.map((zeros) => Math.floor(zeros / 2));
  return {
    kernel,
    strides,
    before,
    after: missing.map((zeros, axis) => zeros - (before[axis] as number)),
    input,
    output,
  };
}

/** Keras kernel [...k, in, out] in ONNX order [out, in, ...k]. */
function onnxKernel(e: Emitter, kernel: string, rank: number): string {
  return e.g.node('Transpose', [kernel], { perm: [rank + 1, rank, ...range(rank)] });
}

/** x [n, in, ...space] with a Keras kernel: [n, out, ...space]. */
export function convolve(e: Emitter, x: string, kernel: string, bias: string | undefined, w: Window): string {
  const inputs = [x, onnxKernel(e, kernel, w.kernel.length)];
  return e.g.node('Conv', bias === undefined ? inputs : [...inputs, bias], {
    kernel_shape: w.kernel,
    strides: w.strides,
    pads: [...w.before, ...w.after],
  });
}

/** A Keras kernel as {@link convolveInputGradient} takes it: turned around, its channels swapped. */
export function turnedKernel(e: Emitter, kernel: string, w: Window): string {
  const { g } = e;
  const rank = w.kernel.length;
  if (isStrided(w)) return onnxKernel(e, kernel, rank);
  const ends = w.kernel.map(() => -(2 ** 31));
  const turned = g.node('Slice', [
    kernel,
    g.ints(w.kernel.map(() => -1)),
    g.ints(ends),
    g.ints(range(rank)),
    g.ints(w.kernel.map(() => -1)),
  ]);
  return g.node('Transpose', [turned], { perm: [rank, rank + 1, ...range(rank)] });
}

/** Gradient of the input of {@link convolve}: the same sum read the other way, a convolution with {@link turnedKernel}. */
export function convolveInputGradient(e: Emitter, dy: string, turned: string, w: Window): string {
  if (isStrided(w)) {
    // Zeros between the rows: no net of ours strides after its first layer, so the slow operator is good enough.
    const pads = [...w.before, ...w.after];
    const left = w.input.map(
      (side, axis) =>
        side +
        (w.before[axis] as number) +
        (w.after[axis] as number) -
        (((w.output[axis] as number) - 1) * (w.strides[axis] as number) + (w.kernel[axis] as number)),
    );
    return e.g.node('ConvTranspose', [dy, turned], {
      kernel_shape: w.kernel,
      strides: w.strides,
      pads,
      output_padding: left,
    });
  }
  return e.g.node('Conv', [dy, turned], {
    kernel_shape: w.kernel,
    pads: [
      ...w.kernel.map((k, axis) => k - 1 - (w.before[axis] as number)),
      ...w.kernel.map((k, axis) => k - 1 - (w.after[axis] as number)),
    ],
  });
}

const isStrided = (w: Window): boolean => w.strides.some((stride) => stride > 1);

/** Gradient of a bias over channels: dy [n, c, ...space] summed over all but c. */
export function channelSums(e: Emitter, dy: string, rank: number): string {
  return e.g.node('ReduceSum', [dy, e.g.ints([0, ...range(rank, 2)])], { keepdims: 0 });
}

export function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
