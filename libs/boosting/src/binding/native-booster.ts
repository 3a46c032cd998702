import type { NativeHandle } from '../native/native-handle.ts';
import { NativeOwner } from '../native/native-owner.ts';

/** Facts of a model that never change, read once from the library. */
export interface ModelFacts {
  /** Values a row: the number of classes, or 1. */
  readonly outputs: number;
  readonly columns: number;
  /** Rounds of trees; after early stopping, those up to the best round. */
  readonly rounds: number;
  readonly featureNames: readonly string[];
}

/** A trained model in a library's memory. */
export abstract class NativeBooster<Name extends string> extends NativeOwner<Name> implements ModelFacts {
  /** Values a row: the number of classes, or 1. */
  readonly outputs: number;
  readonly columns: number;
  /** Rounds of trees; after early stopping, those up to the best round. */
  readonly rounds: number;
  readonly featureNames: readonly string[];

  protected constructor(handle: NativeHandle<Name>, facts: ModelFacts) {
    super(handle);
    this.outputs = facts.outputs;
    this.columns = facts.columns;
    this.rounds = facts.rounds;
    this.featureNames = facts.featureNames;
  }
}
