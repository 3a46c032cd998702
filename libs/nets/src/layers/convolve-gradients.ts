import type { Emitter } from '../graph/emitter.ts';
import { floatBytes, inPieces, type PieceValue } from '../graph/pieces.ts';
import type { Activation } from '../layer-spec.ts';
import { activationGradient } from './activate.ts';
import { channelSums, convolveInputGradient, turnedKernel, type Window } from './convolve.ts';
import { kernelGradient } from './kernel-gradient.ts';

/** A convolution on the way back. Values are [items, channels, …space]. */
export interface ConvolutionBack {
  readonly x: string;
  readonly dy: string;
  /** In and out. */
  readonly channels: readonly [number, number];
  readonly window: Window;
  /** What came after the sum, and its output, where dy is still the gradient of that. */
  readonly activation?: { readonly kind: Activation; readonly y: string };
  /** The kernel, where the gradient of the input is wanted. */
  readonly kernel?: string;
  readonly bias: boolean;
}

export interface ConvolutionGradients {
  /** In Keras' layout. */
  readonly kernel: string;
  readonly bias: string | undefined;
  /** [items, in, …input]. */
  readonly input: string | undefined;
}

/** All gradients of a convolution, a few items at a time: the activation's, the kernel's, the bias' and the input's. */
export function convolveGradients(
  e: Emitter,
  { x, dy, channels, window, activation, kernel, bias }: ConvolutionBack,
): ConvolutionGradients {
  const { g } = e;
  const plan = kernelGradient(channels, window);
  const inputShape = [channels[0], ...window.input];
  const outputShape = [channels[1], ...window.output];
  const turned = kernel === undefined ? undefined : turnedKernel(e, kernel, window);
  const values: PieceValue[] = [
    { id: x, shape: inputShape },
    { id: dy, shape: outputShape },
  ];
  if (activation !== undefined) values.push({ id: activation.y, shape: outputShape });

  const [products, ...more] = inPieces(e, values, plan.itemBytes + floatBytes(outputShape), (inner, [xs, dys, ys]) => {
    const dsum =
      activation === undefined
        ? (dys as string)
        : activationGradient(inner.g, activation.kind, ys as string, dys as string);
    const outputs: PieceValue[] = [
      { id: plan.multiply(inner, xs as string, dsum), shape: [inner.rows, ...plan.shape] },
    ];
    if (bias) outputs.push({ id: channelSums(inner, dsum, window.kernel.length), shape: [channels[1]] });
    if (turned !== undefined) {
      outputs.push({ id: convolveInputGradient(inner, dsum, turned, window), shape: [inner.rows, ...inputShape] });
    }
    return outputs;
  }) as [string, ...string[]];
  return {
    kernel: plan.arrange(e, g.node('ReduceSum', [products, g.ints([0, 1])], { keepdims: 0 })),
    bias: bias ? g.node('ReduceSum', [more[0] as string, g.ints([0])], { keepdims: 0 }) : undefined,
    input: turned === undefined ? undefined : e.reshape(more.at(-1) as string, inputShape),
  };
}
