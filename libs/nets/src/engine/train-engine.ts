import type { Device } from '@primatrix/onnx';
import type { MaskInput } from '../graph/emitter.ts';

/** What computes training steps: ONNX Runtime from our compiled graphs, or tfjs with its own gradients. */
export const engines = ['onnx', 'tfjs'] as const;
/** One of {@link engines}. */
export type EngineName = (typeof engines)[number];

/** Weights by their full names, flat; an engine reads them and never writes them. */
export type WeightValues = ReadonlyMap<string, Float32Array>;

/** What one step learns from; `batch` samples. */
export interface StepInput {
  /** [batch, …input]. */
  readonly x: Float32Array;
  /** [batch, classes], 0 or 1. */
  readonly labels: Float32Array;
  /** One array for each of the engine's {@link TrainEngine.masks}. */
  readonly masks: ReadonlyMap<string, Float32Array>;
}

/** What one step gives; the arrays are the caller's. */
export interface StepOutput {
  /** Binary cross-entropy, the mean over samples and classes. */
  readonly loss: number;
  /** Of the weights that learn. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** New values of statistics. */
  readonly updates: ReadonlyMap<string, Float32Array>;
}

/**
 * Gradients and predictions of one net. Weights, optimiser and chance stay with the trainer, so that engines differ by
 * rounding only.
 */
export interface TrainEngine {
  /** Dropout masks that each step takes. */
  readonly masks: readonly MaskInput[];
  step(input: StepInput, weights: WeightValues): Promise<StepOutput>;
  /** Probabilities [rows, classes] of x [rows, …input]; any number of rows. */
  predict(x: Float32Array, rows: number, weights: WeightValues): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** How an engine is opened. */
export interface EngineOptions {
  /** Samples of a step. */
  readonly batch: number;
  /** Threads of one operator, 0 for all cores. tfjs has its own ways. */
  readonly threads: number;
  /** ONNX Runtime's execution provider. tfjs takes the GPU where `@tensorflow/tfjs-node-gpu` is installed. */
  readonly device: Device;
}
