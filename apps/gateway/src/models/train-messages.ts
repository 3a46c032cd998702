import type { TrainingEffort } from '@primatrix/review-api';
import type { ChildHandle } from '@primatrix/child-process';

/** What the process that trains a model of the project is started with. */
export interface TrainSettings {
  /** Folder of the dataset; what comes of it goes to `artifacts/<name of the dataset>`. */
  readonly dataset: string;
  readonly artifacts: string;
  readonly effort: TrainingEffort;
  /** At least 2. */
  readonly folds: number;
  /** Names of models that are files, or their folders: what predicted until now goes into the training, too. */
  readonly models: readonly string[];
}

/** What a training came to, out of fold. */
export interface TrainedScore {
  /** Labelled clips that could be read. */
  readonly clips: number;
  readonly accuracy: number;
  readonly logLoss: number;
  readonly standardError: { readonly accuracy: number | null; readonly logLoss: number | null };
}

/** `failed` is the last word of a training that cannot go on; its message is for people. */
export type FromTraining =
  | {
      readonly type: 'progress';
      /** 0 to 1. */
      readonly done: number;
      /** The stage that is under way, `family:part`. */
      readonly at: string;
      readonly stages: { readonly done: number; readonly all: number };
      /** Whether this was known from before: it says nothing of how fast work goes. */
      readonly known: boolean;
    }
  | { readonly type: 'done'; readonly score: TrainedScore }
  | { readonly type: 'failed'; readonly message: string };

/** A process that trains. */
export type TrainHandle = Omit<ChildHandle<FromTraining>, 'send'>;
