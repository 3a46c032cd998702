/** Scores on out-of-fold predictions. */
export interface ReportScores {
  readonly logLoss: number;
  readonly accuracy: number;
}

/** One line of the score table. */
export interface ReportMember extends ReportScores {
  readonly name: string;
  readonly kind: 'net' | 'stacker' | 'ensemble';
  /** Share in the ensemble, 0 to 1; null for the ensemble and for what it does not read itself. */
  readonly weight: number | null;
}

/** A learning curve: losses by epoch, one series a fold. */
export interface LearningCurve {
  readonly net: string;
  readonly folds: readonly { readonly fold: number; readonly epochs: readonly { readonly epoch: number; readonly loss: number; readonly validLoss: number }[] }[];
}

/** Everything the report page shows. JSON. */
export interface ReportData {
  readonly dataset: { readonly name: string; readonly digest: string };
  readonly profile: string;
  readonly folds: number;
  readonly seed: number;
  readonly classes: readonly string[];
  readonly clips: { readonly labelled: number; readonly test: number; readonly other: number };
  /** Sentences that must stand where the results stand, such as that weights are untrained. */
  readonly warnings: readonly string[];
  readonly members: readonly ReportMember[];
  /** counts[true class][predicted class] of the ensemble's out-of-fold predictions. */
  readonly confusion: readonly (readonly number[])[];
  readonly curves: readonly LearningCurve[];
  readonly faults: readonly { readonly filename: string; readonly status: string; readonly reason: string }[];
  readonly versions: readonly { readonly name: string; readonly version: string; readonly note: string }[];
}
