import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  PrimatrixError,
  progressSubject,
  trainingJobSchema,
  UsageError,
  workContextSchema,
  type Message,
  type TrainingJob,
  type TrainingProgress,
  type TrainingRequest,
} from '@primatrix/contracts';
import { digestOf } from '@primatrix/files';
import type { JetStreamBus, Records } from '@primatrix/messaging';
import { startService, type Service, type ServiceOptions, type WorkResult } from '@primatrix/services';
import { runPart, runStage, stageId, trainPlan, type Stage, type StageRun, type Training } from '@primatrix/training';
import { trainerPart, trainerProducer } from './trainer-part.ts';

/** How often who asks is told how far a job is. */
const tellMs = 1_000;
/** How often a job is tried that another still has. */
const inUseMs = 1_000;
/** After so long without progress a job counts as hung: the slowest stages report a round, an epoch or a clip. */
const hungMs = 2 * 3_600_000;

/** What a trainer is told. */
export interface TrainerOptions extends Pick<ServiceOptions, 'ackWaitMs' | 'maxDeliver' | 'watch'> {
  readonly bus: JetStreamBus;
  readonly answers: Records<Message>;
  readonly release: string;
  /** Folder below which datasets and artifacts lie, under the same path on every machine. */
  readonly shared: string;
  /** What it calls itself to those who follow a training. */
  readonly name: string;
  /** Threads that a job may compute on. */
  readonly threads: number;
  /** Opens what a request is about, as `primatrix stage` opens its options. */
  readonly open: (request: TrainingRequest) => Promise<Training>;
}

/** Starts a trainer: it takes one job after the other. Its work ends when it is stopped; what it was at, another goes on with. */
export async function startTrainer(options: TrainerOptions): Promise<Service> {
  const desk = new Desk(options);
  const service = await startService(
    {
      part: trainerPart(options.release),
      producer: trainerProducer,
      work: (request, signal, advanced) => desk.work(request, signal, advanced),
      dispose: () => desk.clear(),
    },
    { ...options, limitMs: hungMs, concurrency: 1 },
  );
  return {
    ...service,
    async stop() {
      desk.leave();
      await service.stop();
      await desk.clear();
    },
  };
}

/** What a trainer has at hand: the training that it was last asked for, and a stage whose parts it makes. */
class Desk {
  private readonly options: TrainerOptions;
  private readonly leaving = new AbortController();
  private last: { readonly id: string; readonly training: Training } | undefined;
  private open: Stage | undefined;

  constructor(options: TrainerOptions) {
    this.options = options;
  }

  /** Breaks off what it is at: it keeps its checkpoint, and comes again to another. */
  leave(): void {
    this.leaving.abort(new Error('the trainer is being stopped'));
  }

  async clear(): Promise<void> {
    await this.open?.close?.();
    this.open = undefined;
  }

  async work(request: Message, given: AbortSignal, advanced = () => {}): Promise<WorkResult> {
    const signal = AbortSignal.any([given, this.leaving.signal]);
    const { name } = this.options;
    try {
      const job = readJob(request);
      const stage = await this.stageOf(job);
      const tell = this.teller(request, job);
      const run = {
        signal,
        threads: this.options.threads,
        report: (fraction: number, note = '') => {
          advanced();
          tell(fraction, note);
        },
      };
      tell(0, 'begun');
      await this.afterOthers(stage, job, run);
      return { facts: { trainer: name } };
    } catch (error) {
      signal.throwIfAborted();
      // What it needs may not be seen here yet: shares tell their machines late.
      if (!(error instanceof PrimatrixError) || error.code === 'STAGE_NEEDS') throw error;
      const hint = error.hint === undefined ? '' : ` (${error.hint})`;
      return { failure: { code: error.code, message: `${error.message}${hint}` }, facts: { trainer: name } };
    }
  }

  /** Runs the job; one that another still has, whose lease is over, is waited for. */
  private async afterOthers(stage: Stage, { part }: TrainingJob, run: StageRun): Promise<void> {
    const { artifacts } = (this.last as { readonly training: Training }).training;
    for (;;) {
      try {
        if (part === undefined) await runStage(artifacts, stage, run);
        else await runPart(artifacts, stage, part, run);
        return;
      } catch (error) {
        run.signal.throwIfAborted();
        if (!(error instanceof UsageError) || error.code !== 'STAGE_IN_USE') throw error;
        run.report(0, 'waiting for another that has it');
        await sleep(inUseMs, undefined, { signal: run.signal });
      }
    }
  }

  /** The stage; one whose parts are made stays open from one to the next. */
  private async stageOf({ training: request, dataset, stage: id, part }: TrainingJob): Promise<Stage> {
    const training = await this.trainingOf(request, dataset);
    if (part !== undefined && this.open !== undefined && stageId(this.open) === id) return this.open;
    await this.clear();
    const stage = trainPlan(training).find((candidate) => stageId(candidate) === id);
    if (stage === undefined) {
      throw new UsageError('STAGE_UNKNOWN', `trainer: the training has no stage '${id}'`, {
        hint: 'install the same version of Primatrix, with the same families, on all machines',
      });
    }
    if (part !== undefined) this.open = stage;
    return stage;
  }

  private async trainingOf(request: TrainingRequest, dataset: string): Promise<Training> {
    const id = digestOf({ request, dataset });
    if (this.last?.id === id) return this.last.training;
    await this.clear();
    await requireBelow(this.options.shared, request);
    const training = await this.options.open(request);
    if (training.dataset.digest !== dataset) {
      throw new UsageError(
        'TRAINER_DIFFERS',
        `trainer: ${this.options.name} sees other clips or labels in ${request.dataset} than who asks`,
        { hint: 'all machines must have the same folder under this path' },
      );
    }
    this.last = { id, training };
    return training;
  }

  private teller(request: Message, { stage, part }: TrainingJob): (fraction: number, note: string) => void {
    const { bus, name } = this.options;
    const run = workContextSchema.safeParse(request.payload['context']).data?.key.split('.')[0];
    if (run === undefined) return () => {};
    const subject = progressSubject(run);
    let told = -Infinity;
    return (fraction, note) => {
      const now = performance.now();
      if (now - told < tellMs || bus.connection.isClosed()) return;
      told = now;
      const progress: TrainingProgress = { stage, part: part !== undefined, trainer: name, fraction, note };
      bus.connection.publish(subject, JSON.stringify(progress));
    };
  }
}

function readJob(request: Message): TrainingJob {
  const job = trainingJobSchema.safeParse(request.payload['job']);
  if (job.success) return job.data;
  const [issue] = job.error.issues;
  throw new PrimatrixError(
    'WORK_PAYLOAD',
    `trainer: a request must hold a job of a training, got ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** Who can put messages on the broker shall not have a trainer read or write anywhere else. @throws UsageError TRAINER_PLACE */
async function requireBelow(shared: string, request: TrainingRequest): Promise<void> {
  const { dataset, clips, labels, test, artifacts, net = [], models, weights, timeOrder, standIn = {} } = request;
  const table = timeOrder === 'modified' ? undefined : timeOrder;
  const places = [dataset, artifacts, clips, labels, test, ...net, models, weights, table, ...Object.values(standIn)];
  const root = await realpath(shared);
  for (const place of places) {
    if (place === undefined || (await isBelow(root, place))) continue;
    throw new UsageError('TRAINER_PLACE', `trainer: ${place} does not lie below ${shared}`, {
      hint: 'put dataset, results and what options name into the folder that trainers were given with --shared, and give its path',
    });
  }
}

/** Where a path leads, as far as it is there: what is not there yet is made below the rest. */
async function isBelow(root: string, place: string): Promise<boolean> {
  if (resolve(place) !== place) return false;
  for (let there = place; ; there = dirname(there)) {
    const real = await realpath(there).catch(() => undefined);
    if (real === undefined && dirname(there) !== there) continue;
    const way = relative(root, real ?? there);
    return !way.startsWith('..') && !isAbsolute(way);
  }
}
