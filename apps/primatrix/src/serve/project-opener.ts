import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  bundleInUse,
  bundleSource,
  forkRefit,
  forkSuggester,
  forkWorker,
  mostClips,
  openSource,
  ownModelInUse,
  ProjectModels,
  ProjectRefit,
  ProjectSuggestions,
  ReviewProject,
  type OpenBundle,
  type Source,
  type SourceChoice,
  type SourcePlace,
  type WorkerHandle,
} from '@primatrix/gateway';
import { prepareFamilies } from '@primatrix/families';
import { listModels, modelDigest, type ModelFolder } from '@primatrix/models';
import { familiesOfBundle, readBundle } from '@primatrix/prediction';
import type { Log } from '@primatrix/telemetry';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { RemoteWorker } from './remote-worker.ts';
import { forkTraining } from '../training/fork-training.ts';
import type { ServeUiOptions } from './serve-ui-options.ts';
import type { Session } from '../terminal/session.ts';
import { whilePreparing } from '../while-preparing.ts';

/** URL of the package whose dependencies the families are. */
const families = new URL('../../', import.meta.url).href;

/** A project that predicts, what re-fits it and trains models of its own, where that can be done. */
export interface OpenedProject extends AsyncDisposable {
  readonly project: ReviewProject;
  readonly refit?: ProjectRefit;
  readonly models?: ProjectModels;
  readonly suggestions?: ProjectSuggestions;
  /** Settles when another model was chosen: the project is to be opened again. */
  readonly outdated: Promise<void>;
}

/** What was chosen to predict, and what was read of it. */
export type ChosenSource = { readonly choice: SourceChoice } & (
  { readonly bundle: OpenBundle } | { readonly models: Source }
);

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
    if ('bundle' in choice) return { choice, bundle: { folder: choice.bundle, ...(await readBundle(choice.bundle)) } };
    return { choice, models: await openSource(choice, this.models) };
  }

  /** Opens the project with what was read, or with the model of its own that was chosen in its place. */
  async open(chosen: ChosenSource): Promise<OpenedProject> {
    const { project: folder, remote = false } = this.options;
    const warn = (text: string) => this.log.warn(text);
    const own = remote ? undefined : await ownModelInUse(folder, chosen.choice, warn);
    const given = own ?? ('bundle' in chosen ? chosen.bundle : undefined);
    // Services serve the bundle that is given, not a re-fit that lies in the project.
    const bundle = given === undefined || remote ? given : await bundleInUse(folder, given, warn);
    if (bundle !== undefined && !remote) await this.prepare(bundle);
    const project = await ReviewProject.open({
      folder,
      source: 'models' in chosen && bundle === undefined ? chosen.models : bundleSource(bundle as OpenBundle),
      maxClips: mostClips,
      now: () => new Date(),
      startWorker: (records, place, alone) => this.startWorker(records, place, alone),
    });
    const held: AsyncDisposable[] = [project];
    const dispose = async () => {
      for (const one of held.splice(0).reverse()) await one[Symbol.asyncDispose]();
    };
    try {
      const refit = given === undefined || remote ? undefined : await this.openRefit(project, given);
      if (refit !== undefined) held.push(refit);
      let reopen: () => void = () => undefined;
      const outdated = new Promise<void>((settle) => (reopen = settle));
      const encoder = remote ? undefined : await this.encoder();
      const models = remote ? undefined : await this.openModels(project, chosen.choice, encoder, reopen);
      if (models !== undefined) held.push(models);
      const suggestions = encoder === undefined ? undefined : this.openSuggestions(project, encoder);
      if (suggestions !== undefined) held.push(suggestions);
      return {
        ...{ project, outdated, [Symbol.asyncDispose]: dispose },
        ...(refit === undefined ? {} : { refit }),
        ...(models === undefined ? {} : { models }),
        ...(suggestions === undefined ? {} : { suggestions }),
      };
    } catch (error) {
      await dispose();
      throw error;
    }
  }

  private openRefit(project: ReviewProject, given: OpenBundle): Promise<ProjectRefit> {
    return ProjectRefit.open({
      project,
      given,
      training: dirname(resolve(given.folder)),
      start: (settings) =>
        forkRefit({ ...settings, families, threads: availableParallelism(), device: this.options.device }),
    });
  }

  private openModels(
    project: ReviewProject,
    choice: SourceChoice,
    encoder: ModelFolder | undefined,
    reopen: () => void,
  ): Promise<ProjectModels> {
    const here = { modelsDir: this.models, device: this.options.device, threads: availableParallelism(), seed: 1 };
    const chosen = 'models' in choice ? choice.models : [];
    return ProjectModels.open({
      ...{ project, choice, reopen },
      models: [...chosen, ...(encoder === undefined || chosen.includes(encoder.card.name) ? [] : [encoder.card.name])],
      start: (settings) => forkTraining({ ...settings, ...here }),
    });
  }

  private openSuggestions(project: ReviewProject, encoder: ModelFolder): ProjectSuggestions {
    const { weightsDir } = featureContext();
    const { folder, card } = encoder;
    return new ProjectSuggestions({
      project,
      encoder: { name: card.name, digest: modelDigest(encoder) },
      start: (vectors) => forkSuggester({ encoder: folder, vectors, families, weightsDir, threads: 1 }),
    });
  }

  /** The first encoder of pictures that is installed: reviewed clips suggest by it, and it goes into trainings. */
  private async encoder(): Promise<ModelFolder | undefined> {
    return (await listModels(this.models)).models.find(({ card }) => card.kind === 'image-encoder');
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
