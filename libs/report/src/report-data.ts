/** A mean and its standard error; null where one clip, or one site, says nothing of that. */
export interface Estimate {
  readonly value: number;
  readonly error: number | null;
}

/** One line of the score table, on out-of-fold predictions. */
export interface ReportMember {
  readonly name: string;
  readonly kind: 'net' | 'stacker' | 'ensemble';
  /** Labelled clips that it could predict. */
  readonly clips: number;
  readonly logLoss: Estimate;
  /** 0 to 1, as are the next two. */
  readonly accuracy: Estimate;
  /** Share of clips that show one of the three likeliest classes; null where there are fewer than four classes. */
  readonly top3: number | null;
  /** By class; null for a class that no clip shows. */
  readonly averagePrecision: readonly (number | null)[];
  /** Share in the ensemble, 0 to 1; null for the ensemble and for what it does not read itself. */
  readonly weight: number | null;
}

/** A learning curve: binary cross-entropy by epoch, one series a fold. */
export interface LearningCurve {
  readonly net: string;
  readonly folds: readonly { readonly fold: number; readonly epochs: readonly Epoch[] }[];
}

/** Losses of one epoch of a training, mean a clip. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly validLoss: number;
}

/** One curve of a reliability diagram: bins by predicted probability. */
export interface ReliabilityCurve {
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly meanPredicted: number | null;
    readonly observed: number | null;
  }[];
  readonly expectedCalibrationError: number;
}

/** Whether probabilities come true as often as they say. */
export interface ReportReliability {
  /** The ensemble without calibration first, then with each method that was tried; three at most. */
  readonly curves: readonly {
    readonly name: string;
    /** Whether the ensemble's predictions are those. */
    readonly applied: boolean;
    readonly logLoss: number;
    readonly curve: ReliabilityCurve;
  }[];
  /** Of the predictions that are used, by class: how sure they are on average, how often the class is there, and how far bins are off. */
  readonly perClass: readonly {
    readonly name: string;
    readonly meanPredicted: number;
    readonly observed: number;
    readonly expectedCalibrationError: number;
  }[];
}

/** What a stacker looked at. */
export interface ReportImportance {
  readonly member: string;
  /** Share of all columns' importance by source family, 0 to 1, falling. */
  readonly sources: readonly { readonly source: string; readonly columns: number; readonly share: number }[];
  /** The most important columns, falling. */
  readonly columns: readonly { readonly source: string; readonly column: string; readonly share: number }[];
}

/** A clip that the ensemble was sure of, and wrong. */
export interface ReportMistake {
  readonly filename: string;
  /** What the labels say; empty where they say nothing. */
  readonly labels: readonly string[];
  readonly predicted: string;
  readonly probability: number;
  /** Of the likeliest of `labels`; null where there is none. */
  readonly labelProbability: number | null;
  readonly site: string | null;
  /** JPEG; null where the clip has no picture. */
  readonly thumbnail: Uint8Array | null;
}

/** How the ensemble did at one site. */
export interface ReportSite {
  readonly site: string;
  readonly clips: number;
  readonly logLoss: number;
  readonly accuracy: number;
}

/** A score of a net over vectors as they are, and without the background of each site; the difference is clip by clip. */
export interface BackgroundScore {
  readonly asTheyAre: Estimate;
  readonly without: Estimate;
  /** without minus as they are */
  readonly difference: Estimate;
}

/** What taking the background of each site off the vectors that a net reads is worth. */
export interface ReportBackground {
  readonly net: string;
  readonly clips: number;
  readonly logLoss: BackgroundScore;
  readonly accuracy: BackgroundScore;
}

/** Scores of one quick model on folds that keep sites together, and on folds that do not. */
export interface ReportSiteCheck {
  readonly grouped: { readonly logLoss: Estimate; readonly accuracy: Estimate };
  readonly random: { readonly logLoss: Estimate; readonly accuracy: Estimate };
  /** random minus grouped, clip by clip. */
  readonly difference: { readonly logLoss: Estimate; readonly accuracy: Estimate };
  readonly clips: number;
  readonly sites: number;
  readonly columns: number;
  readonly folds: number;
  /** The model, and its settings as JSON. */
  readonly model: string;
  readonly settings: string;
}

/** Clips that may be skipped because they hardly show an animal. */
export interface ReportThresholds {
  /** The class of clips that show none. */
  readonly blank: string;
  /** What may be lost against what is skipped; shares from 0 to 1, by falling threshold. */
  readonly curve: readonly { readonly threshold: number; readonly skipped: number; readonly lost: number }[];
  /** Answers to "lose at most so much". */
  readonly targets: readonly {
    readonly maxLost: number;
    /** plain: kept on these clips; careful: kept on others too, with `confidence`. */
    readonly kind: 'plain' | 'careful';
    /** Null where none keeps the promise: nothing is skipped. */
    readonly threshold: number | null;
    readonly skipped: Estimate;
    readonly lost: Estimate;
    /** The true share of lost animals lies below it with `confidence`. */
    readonly lostUpperBound: number;
  }[];
  /** 0 to 1. */
  readonly confidence: number;
  /** Classes that are neither blank nor animals. */
  readonly people: readonly string[];
}

/** Everything the report page shows. */
export interface ReportData {
  readonly dataset: { readonly name: string; readonly digest: string };
  readonly profile: string;
  readonly folds: number;
  readonly seed: number;
  readonly classes: readonly string[];
  /** Labelled clips by class. */
  readonly positives: readonly number[];
  readonly clips: { readonly labelled: number; readonly test: number; readonly other: number };
  /** Number of sites of labelled clips; 0 where none is known. */
  readonly siteCount: number;
  /** Log loss of predicting each class's share for every clip. */
  readonly shareLogLoss: number;
  /** Features that rest on untrained weights, and what reads them. */
  readonly untrained: readonly {
    readonly feature: string;
    readonly note: string;
    readonly readBy: readonly string[];
  }[];
  /** Sentences that must stand where the results stand. */
  readonly warnings: readonly string[];
  /** The ensemble first. */
  readonly members: readonly ReportMember[];
  /** Absent where no net reads vectors without the background. */
  readonly backgrounds?: readonly ReportBackground[];
  readonly curves: readonly LearningCurve[];
  /** counts[true class][predicted class] of the ensemble's out-of-fold predictions. */
  readonly confusion: readonly (readonly number[])[];
  readonly reliability: ReportReliability;
  readonly importance: readonly ReportImportance[];
  readonly mistakes: readonly ReportMistake[];
  /** Whether people on the pictures are blurred where a detector saw them; false where none looked. */
  readonly peopleBlurred: boolean;
  /** All mistakes, of which `mistakes` shows the surest. */
  readonly mistakeCount: number;
  readonly sites: readonly ReportSite[];
  /** A sentence where it could not be made. */
  readonly siteCheck: ReportSiteCheck | string;
  /** A sentence where there are none. */
  readonly thresholds: ReportThresholds | string;
  readonly faults: readonly { readonly filename: string; readonly status: string; readonly reason: string }[];
  readonly versions: readonly { readonly name: string; readonly version: string; readonly note: string }[];
  /** sha256 of what results rest on. */
  readonly digests: readonly { readonly name: string; readonly digest: string; readonly note: string }[];
}
