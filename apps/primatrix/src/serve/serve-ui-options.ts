import type { SourceChoice } from '@primatrix/gateway';
import type { Device } from '@primatrix/onnx';

/** What `serve --ui` is told. */
export interface ServeUiOptions {
  /** What predicts; absent: the pages ask for it first. */
  readonly source?: SourceChoice;
  /** Folders of bundles that the pages offer where they ask. */
  readonly bundles?: readonly string[];
  /** Folder of models. */
  readonly models?: string;
  readonly project: string;
  readonly host: string;
  readonly port: number;
  readonly maxUpload: number;
  /** Whether folders of this machine may be added from it; false for pages behind a proxy. */
  readonly folders: boolean;
  readonly device: Device;
  readonly remote?: boolean;
  /** Where services keep tensors. */
  readonly store?: string;
  readonly replicas?: number;
  readonly log: 'text' | 'json';
}
