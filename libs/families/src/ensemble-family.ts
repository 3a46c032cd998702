import type { Profile } from '@primatrix/contracts';
import type { FamilyIdentity } from './family.ts';

/** Predictions of one member for the same clips in the same order. */
export interface EnsembleMember {
  readonly name: string;
  /** [rows, classes]. */
  readonly probabilities: Float64Array;
}

/** How weights can be found: the original's own, or searched on out-of-fold predictions. */
export const weighings = ['original', 'coordinate', 'simplex'] as const;
/** One of {@link weighings}. */
export type Weighing = (typeof weighings)[number];

/** How probabilities can be put right after the mean. */
export const calibrationMethods = ['none', 'temperature', 'isotonic'] as const;
/** One of {@link calibrationMethods}. */
export type CalibrationMethod = (typeof calibrationMethods)[number];

/** A fitted calibration. JSON. */
export type Calibration =
  | { readonly method: 'none' }
  /** sigmoid(logit(p) / temperature): above 1 makes predictions less sure. */
  | { readonly method: 'temperature'; readonly temperature: number }
  /** One line a class through the points (from, to), both rising from 0 to 1; straight between points. */
  | {
      readonly method: 'isotonic';
      readonly perClass: readonly { readonly from: readonly number[]; readonly to: readonly number[] }[];
    };

/** Settings of the ensemble; everything here is part of the cache key. */
export interface EnsembleSettings {
  /** Which weights are used; the others are told of. */
  readonly weights: Weighing;
  /** Which calibration is applied; the others are told of. */
  readonly calibration: CalibrationMethod;
  /** Shares of the animals' clips, for each of which a threshold on the probability of blank is kept. */
  readonly lose: readonly number[];
}

/** The family that joins the second level's members into the final prediction. */
export interface EnsembleFamily extends FamilyIdentity {
  readonly kind: 'ensemble';
  readonly settings: Readonly<Record<Profile, EnsembleSettings>>;
  /** Weights by member name; they add to 1. Searched ones do best on these (out-of-fold) predictions. */
  weigh(
    how: Weighing,
    members: readonly EnsembleMember[],
    labels: Uint8Array,
    classes: number,
  ): Readonly<Record<string, number>>;
  /** Fits a calibration to predictions [rows, classes] that were made without knowing these labels. */
  calibrate(method: CalibrationMethod, probabilities: Float64Array, labels: Uint8Array, classes: number): Calibration;
  /** Weighted mean [rows, classes], calibrated where that is asked for. Every weighted member must be there. */
  combine(
    members: readonly EnsembleMember[],
    weights: Readonly<Record<string, number>>,
    calibration?: Calibration,
  ): Float64Array;
}
