import type { Begin } from '@primatrix/review-api';
import type { ServerOptions } from '../http/open-server.ts';
import type { WorkerHandle } from '../prediction/prediction-run.ts';
import type { SourcePlace } from '../prediction/source.ts';

/** What a project can begin with, and where. */
export interface SetupOptions extends ServerOptions {
  /** Folder of the project. */
  readonly place: string;
  /** Clips that are in it from before. */
  readonly clips: number;
  /** Folders of bundles that there are. */
  readonly bundles: readonly string[];
  /** Folder of models. */
  readonly models: string;
  /** List of models that can be downloaded; default: the one that comes with this. */
  readonly catalogue?: string;
  /** Whether folders of this machine may be looked into from it. */
  readonly folders: boolean;
  /** Starts what predicts; it keeps its records in the file given. */
  readonly startWorker: (records: string, place: SourcePlace) => WorkerHandle;
  /** Opens the project with what was chosen; where that fails, another choice can be made. */
  readonly begin: (begin: Begin) => Promise<void>;
}
