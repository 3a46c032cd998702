import { join, resolve } from 'node:path';
import { openServer, type Gateway } from '../http/open-server.ts';
import { projectFolder } from '../project/review-project.ts';
import { placeRoutes } from '../routes/place-routes.ts';
import type { SetupOptions } from './setup-options.ts';
import { setupRoutes } from './setup-routes.ts';

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
