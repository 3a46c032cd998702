import type { FamilyIdentity } from './family.ts';

/** Predictions of one member for the same clips in the same order. */
export interface EnsembleMember {
  readonly name: string;
  /** [rows, classes]. */
  readonly probabilities: Float64Array;
}

/** The family that joins the second level's members into the final prediction. */
export interface EnsembleFamily extends FamilyIdentity {
  readonly kind: 'ensemble';
  /** Weights by member name that hold unless others are asked for; they add to 1. */
  defaultWeights(members: readonly string[]): Readonly<Record<string, number>>;
  /** Weights by member name that do best on these (out-of-fold) predictions; they add to 1. */
  searchWeights(members: readonly EnsembleMember[], labels: Uint8Array, classes: number): Readonly<Record<string, number>>;
  /** Weighted mean [rows, classes]. Every weighted member must be there. */
  combine(members: readonly EnsembleMember[], weights: Readonly<Record<string, number>>): Float64Array;
}
