import type { Device } from '@primatrix/onnx';
import type { RefitCard } from '@primatrix/prediction';

/** What the process that fits the second level again is started with. */
export interface RefitSettings {
  /** Folder of the bundle in use. */
  readonly bundle: string;
  /** Folder of the training that it comes from. */
  readonly training: string;
  /** Folder of the review project. */
  readonly project: string;
  /** Folder of the new bundle. */
  readonly out: string;
  /** URL of the package whose dependencies the families are. */
  readonly families: string;
  readonly threads: number;
  /** What computes nets. */
  readonly device: Device;
}

export type FromRefit =
  | { readonly type: 'progress'; /** 0 to 1. */ readonly done: number; readonly note: string }
  | { readonly type: 'done'; readonly card: RefitCard; readonly seconds: number }
  | { readonly type: 'failed'; readonly message: string };
