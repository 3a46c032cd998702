import type { Emitter } from '../graph/emitter.ts';
import type { Value } from '../graph/value.ts';
import type { Initializer } from '../initializers.ts';

/** One weight of a layer, in Keras' layout. */
export interface LayerWeight {
  /** Within the layer: `kernel`, `bias`, … */
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Initializer;
  /** False for statistics, which the step updates itself instead of giving a gradient. */
  readonly trainable?: false;
}

/** What a layer's forward part leaves behind. */
export interface Pass {
  readonly output: Value;
  /**
   * Emits the backward part: reports the gradients of the weights and returns that of the input, or
   * undefined where `wantInput` is false. Gradients lie in memory as their values do.
   */
  backward(dy: string, wantInput: boolean): string | undefined;
}

/** A class of layers: what it does to shapes, which weights it has, and which nodes it becomes. */
export interface Layer<S> {
  /** The memory order its input must have; `any` keeps what comes. */
  readonly channels: 'last' | 'first' | 'any';
  /**
   * Output shape.
   * @throws a sentence (not a whole message) where the input does not fit
   */
  shape(spec: S, input: readonly number[]): readonly number[];
  weights(spec: S, input: readonly number[]): readonly LayerWeight[];
  forward(spec: S, x: Value, e: Emitter): Pass;
}

/** Product of sizes; 1 for none. */
export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** For shape rules: the input must have this many dimensions (without the batch). */
export function requireRank(input: readonly number[], rank: number): void {
  if (input.length !== rank) throw new RangeError(`needs an input of ${rank} dimensions`);
}
