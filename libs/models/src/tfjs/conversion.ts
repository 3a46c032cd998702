import type { Tensor } from '@primatrix/contracts';
import type { GraphBuilder } from '@primatrix/onnx';
import type { ModelError } from '../model-error.ts';
import type { TfjsNode } from './tfjs-model.ts';

/** What an operation is converted with. */
export interface Conversion {
  readonly graph: GraphBuilder;
  readonly node: TfjsNode;
  /** The ONNX value of an input. */
  input(index: number): string;
  /** An input that must be known before anything runs: a weight, a shape, axes. */
  constant(index: number): Tensor<'float32' | 'int32' | 'bool'>;
  /** Puts a tensor made of a constant into the graph, under the operation's name. */
  store(part: string, tensor: Tensor): string;
  /** An error that names the operation. */
  refuse(rule: string): ModelError;
}

/** Adds an operation to the graph, and returns its outputs. */
export type Convert = (conversion: Conversion) => string | readonly string[];

/** The whole numbers of a constant input. */
export function wholeNumbers(conversion: Conversion, index: number): number[] {
  const { dtype, data } = conversion.constant(index);
  if (dtype !== 'int32') throw conversion.refuse(`must have whole numbers as input ${index}, got ${dtype}`);
  return Array.from(data);
}
