import type { StackFitInput, StackModel } from '@primatrix/families';

/** What a training is to tell apart: classes by number, or class 1 from class 0. */
export interface TreeTarget {
  readonly kind: 'classes' | 'binary';
  /** One a row of the training table: from 0 to classes - 1, or 0 and 1. */
  readonly labels: Int32Array;
  readonly validLabels: Int32Array;
  readonly onRound: (round: number, rounds: number) => void;
}

/** The tables of a fit in a library's memory, on which several targets can be trained one after another. */
export interface TreeTables {
  /** The model predicts [rows, classes], or for a binary target [rows, 1]: the probability of class 1. */
  fit(target: TreeTarget): Promise<StackModel>;
  dispose(): void;
}

/** Takes a fit's tables into a library's memory; the labels come with each target. */
export type OpenTables = (input: StackFitInput) => Promise<TreeTables>;

/** Reads what a model's `toText` gave. */
export type LoadModel = (text: string) => Promise<StackModel>;
