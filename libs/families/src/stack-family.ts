import type { Profile } from '@primatrix/contracts';
import type { Device } from '@primatrix/onnx';
import type { FamilyIdentity, JsonValue } from './family.ts';

/** A row-major matrix, missing values as NaN, with its column names. */
export interface FeatureMatrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: readonly string[];
}

/**
 * What a stacker learns from: tables of the second level with one row a clip, their labels, and settings that the
 * family itself understands.
 */
export interface StackFitInput {
  readonly train: FeatureMatrix;
  /** [rows, classes], 0 or 1. */
  readonly labels: Uint8Array;
  /** Scored each round for early stopping; columns as in `train`. */
  readonly valid: FeatureMatrix;
  readonly validLabels: Uint8Array;
  readonly classes: number;
  readonly settings: JsonValue;
  readonly seed: number;
  readonly threads: number;
  /** What computes nets; trees are grown on the CPU. Default `cpu`. */
  readonly device?: Device | undefined;
  readonly signal?: AbortSignal;
  readonly onRound?: (round: number, rounds: number) => void;
}

/** A fitted second-level model. */
export interface StackModel {
  /** The model in the library's own text format: what a bundle keeps. */
  toText(): Promise<string>;
  /** Probabilities [rows, classes]; a row adds to 1 where the model takes a clip to be of one class. */
  predict(matrix: FeatureMatrix): Promise<Float64Array>;
  /** Total gain of each column, in column order. */
  importance(): Promise<Float64Array>;
  dispose(): void;
}

/** A family that learns from the table of all first-level outputs. */
export interface StackFamily extends FamilyIdentity {
  readonly kind: 'stack';
  /** Each variant is a model of its own in the ensemble. */
  readonly variants: Readonly<Record<Profile, Readonly<Record<string, JsonValue>>>>;
  /** Settings of a quick model that copes with missing values and any number of columns, for checks beside the pipeline. */
  readonly quick?: JsonValue;
  /** Whether the model comes out the same whatever `threads` are, to the last byte: idle ones may then help. Default: not. */
  readonly anyThreads?: boolean;
  /** Bytes that fitting holds at most for each value of the training matrix, beside the matrix itself. Default 4, a copy. */
  readonly bytesPerValue?: number;
  /** Whether it is fitted on the device. Default: on the CPU. */
  readonly usesDevice?: boolean;
  fit(input: StackFitInput): Promise<StackModel>;
  load(text: string): Promise<StackModel>;
}
