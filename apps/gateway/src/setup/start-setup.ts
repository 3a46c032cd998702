import { join, resolve } from 'node:path';
import type { Begin } from '@primatrix/review-api';
import { openServer, type Gateway, type ServerOptions } from '../http/open-server.ts';
import type { WorkerHandle } from '../prediction/prediction-run.ts';
import type { SourcePlace } from '../prediction/source.ts';
import { projectFolder } from '../project/review-project.ts';
import { placeRoutes } from '../routes/place-routes.ts';
import { setupRoutes } from './setup-routes.ts';

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
  /** Whether folders of this machine may be looked into from it. */
  readonly folders: boolean;
  /** Starts what predicts; it keeps its records in the file given. */
  readonly startWorker: (records: string, place: SourcePlace) => WorkerHandle;
  /** Opens the project with what was chosen; where that fails, another choice can be made. */
  readonly begin: (begin: Begin) => Promise<void>;
}

/** The pages before a project has anything that predicts. */
export interface SetupServer extends Gateway {
  /** Settles when a project was begun and whoever asked for it has been told. */
  readonly begun: Promise<void>;
}

/** Serves the first screen: what is to analyse which clips. */
export async function startSetup(options: SetupOptions): Promise<SetupServer> {
  let told: () => void = () => undefined;
  const begun = new Promise<void>((settle) => (told = settle));
  const folder = join(resolve(options.place), projectFolder);
  const gateway = await openServer(options, {
    routes: [...placeRoutes(options.folders), ...setupRoutes({ ...options, folder, told: () => told() })],
    missing: () => [{ what: 'prediction', why: 'nothing that predicts has been chosen yet' }],
  });
  return { ...gateway, begun };
}
