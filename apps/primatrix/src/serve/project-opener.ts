import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  bundleInUse,
  bundleSource,
  forkRefit,
  forkWorker,
  mostClips,
  openSource,
  ProjectRefit,
  ReviewProject,
  type OpenBundle,
  type Source,
  type SourceChoice,
  type SourcePlace,
  type WorkerHandle,
} from '@primatrix/gateway';
import { prepareFamilies } from '@primatrix/families';
import { familiesOfBundle, readBundle } from '@primatrix/prediction';
import type { Log } from '@primatrix/telemetry';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { RemoteWorker } from './remote-worker.ts';
import type { ServeUiOptions } from './serve-ui-options.ts';
import type { Session } from '../terminal/session.ts';
import { whilePreparing } from '../while-preparing.ts';

/** URL of the package whose dependencies the families are. */
const families = new URL('../../', import.meta.url).href;

/** A project that predicts, and what re-fits it, where that can be done. */
export interface OpenedProject extends AsyncDisposable {
  readonly project: ReviewProject;
  readonly refit?: ProjectRefit;
}

/** What was chosen to predict, as it was read. */
export type ChosenSource = { readonly bundle: OpenBundle } | { readonly models: Source };

/** Opens a project with what is to predict it: a bundle here or by services, or models. */
export class ProjectOpener {
  private readonly options: ServeUiOptions;
  private readonly models: string;
  private readonly log: Log;
  private readonly session: Session;

  constructor(options: ServeUiOptions, models: string, log: Log, session: Session) {
    this.options = options;
    this.models = models;
    this.log = log;
    this.session = session;
  }

  /**
   * Reads what was chosen to predict; nothing is written.
   * @throws BundleError or ModelError where it cannot be used
   */
  async read(choice: SourceChoice): Promise<ChosenSource> {
    if ('bundle' in choice) return { bundle: { folder: choice.bundle, ...(await readBundle(choice.bundle)) } };
    return { models: await openSource(choice, this.models) };
  }

  /** Opens the project with what was read. */
  async open(chosen: ChosenSource): Promise<OpenedProject> {
    const { project: folder, remote = false } = this.options;
    const given = 'bundle' in chosen ? chosen.bundle : undefined;
    // Services serve the bundle that is given, not a re-fit that lies in the project.
    const bundle =
      given === undefined || remote ? given : await bundleInUse(folder, given, (text) => this.log.warn(text));
    if (bundle !== undefined && !remote) await this.prepare(bundle);
    const project = await ReviewProject.open({
      folder,
      source: 'models' in chosen ? chosen.models : bundleSource(bundle ?? chosen.bundle),
      maxClips: mostClips,
      now: () => new Date(),
      startWorker: (records, place, alone) => this.startWorker(records, place, alone),
    });
    if (given === undefined || remote) return { project, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
    const refit = await ProjectRefit.open({
      project,
      given,
      training: dirname(resolve(given.folder)),
      start: (settings) =>
        forkRefit({ ...settings, families, threads: availableParallelism(), device: this.options.device }),
    });
    return {
      project,
      refit,
      async [Symbol.asyncDispose]() {
        await refit[Symbol.asyncDispose]();
        await project[Symbol.asyncDispose]();
      },
    };
  }

  /** Starts what predicts; it keeps its records in the file given. */
  startWorker(records: string, place: SourcePlace, alone: boolean): WorkerHandle {
    const { remote = false, device, store, replicas } = this.options;
    if (remote && 'bundle' in place) return new RemoteWorker({ bundle: place.bundle, records, store, replicas });
    // One processor is left to the gateway itself.
    const threads = Math.max(1, availableParallelism() - 1);
    const { weightsDir } = featureContext({ device });
    return forkWorker({ families, weightsDir, threads, device, place, records, alone });
  }

  /** Here, where it can be seen: the processes that predict and re-fit find all of it ready. */
  private async prepare({ manifest }: OpenBundle): Promise<void> {
    const own = familiesOfBundle(await installedFamilies(), manifest);
    await whilePreparing(this.session, (told) => prepareFamilies(own, told));
  }
}
