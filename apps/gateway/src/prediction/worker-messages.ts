import type { Device } from '@primatrix/onnx';
import type { ClipPrediction, FirstLevelStage, InputFile } from '@primatrix/prediction';
import type { TraceContext } from '@primatrix/telemetry';
import type { SourcePlace } from './source.ts';
import type { ProvisionalPrediction } from '../clips/clip-row.ts';

/** What the process that predicts is started with. */
export interface WorkerSettings {
  readonly place: SourcePlace;
  /** URL of the package whose dependencies the families are. */
  readonly families: string;
  readonly weightsDir: string;
  readonly threads: number;
  readonly device: Device;
  /** Where the first level's records are kept. */
  readonly records: string;
  /** One clip at a time; else as many as processors and memory hold. */
  readonly alone: boolean;
}

/** A clip to predict; `id` is the project's. */
export interface WorkerClip {
  readonly id: string;
  readonly file: InputFile;
  /** Only the second level is to look again, where the first has looked before. */
  readonly fromRecord?: true;
  /** Look at it again, whatever is kept of it. */
  readonly again?: true;
  /** Of the request that brought it. */
  readonly trace?: TraceContext | undefined;
}

export type ToWorker =
  | {
      readonly type: 'predict';
      /** Numbers the requests of one process, upwards. */
      readonly round: number;
      readonly clips: readonly WorkerClip[];
      /** Clips that earlier processes predicted: they stand before and after the new ones. */
      readonly known?: readonly WorkerClip[];
    }
  /** These clips are no longer of the project: they stand beside no other any more. */
  | { readonly type: 'forget'; readonly ids: readonly string[] };

/** A prediction of the whole ensemble. */
export interface WorkerPrediction extends Pick<ProvisionalPrediction, 'metadata' | 'capturedAt'> {
  readonly id: string;
  readonly prediction: ClipPrediction;
  /** What stays in the picture: 9 x 16 greys, base64; absent where nobody looked. */
  readonly backdrop?: string | undefined;
}

/**
 * What the worker says, in this order for each clip: `starts`, `stage`, `provisional`; and of the second level over
 * all clips: `ensemble`, `predictions`, `weighed`. `failed` is the last word of a worker that cannot go on; its
 * message is for people.
 */
export type FromWorker =
  | { readonly type: 'ready'; readonly warnings: readonly string[] }
  /** What it waits for outside this machine, in words; null: for nothing. */
  | { readonly type: 'waits'; readonly what: string | null }
  | { readonly type: 'starts'; readonly id: string }
  | ({ readonly type: 'stage'; readonly id: string } & FirstLevelStage)
  | ({
      readonly type: 'provisional';
      readonly id: string;
      /** Seconds by which it came after the clip before it, or after its own start; null where it was known. */
      readonly seconds: number | null;
    } & ProvisionalPrediction)
  | { readonly type: 'ensemble' }
  /** `round`: the last request that was heard before the second level began. */
  | { readonly type: 'predictions'; readonly round: number; readonly predictions: readonly WorkerPrediction[] }
  | { readonly type: 'weighed'; readonly clips: number; readonly seconds: number }
  | { readonly type: 'idle' }
  | { readonly type: 'failed'; readonly message: string };
