import { setTimeout as sleep } from 'node:timers/promises';
import {
  progressSubject,
  trainingAnswerSchema,
  trainingProgressSchema,
  type Message,
  type TrainingJob,
  type TrainingProgress,
  type TrainingRequest,
} from '@primatrix/contracts';
import { digestOf } from '@primatrix/files';
import type { JetStreamBus, Records } from '@primatrix/messaging';
import { forEachConcurrently } from '@primatrix/prediction';
import { Requester } from '@primatrix/services';
import { StageError, stageId, stageState, type Stage, type StageRun } from '@primatrix/training';
import { trainerFamily, trainerProducer } from './trainer-part.ts';
import { countTrainers } from './wait-for-trainers.ts';

/** Jobs of one stage that are asked for at once; the rest wait here. */
const partsAtOnce = 500;
/** A share may show a file to one machine that it has taken from another only after so long. */
const settleMs = 90_000;
const settleLookMs = 500;
/** How often it is asked whether there are trainers, where none says anything. */
const silenceMs = 15_000;

/** Is told who does what. */
export interface JobEvents {
  /** A trainer has taken a job, or it is done. */
  onJob?(event: {
    readonly stage: string;
    readonly part: boolean;
    readonly trainer: string;
    readonly state: 'taken' | 'done';
  }): void;
  /** In words: something is amiss, and it goes on when that is over. */
  onTrouble?(text: string): void;
}

/** A training whose stages others run. */
export interface RemoteStagesOptions {
  readonly bus: JetStreamBus;
  readonly answers: Records<Message>;
  /** As `trainerRelease` names it. */
  readonly release: string;
  readonly training: TrainingRequest;
  /** Digest of the dataset. */
  readonly dataset: string;
  readonly datasetName: string;
  readonly events?: JobEvents;
}

/**
 * Has trainers run the stages of a training. What they leave in the artifacts is believed, not their answers: a stage is done when
 * its files are what this process expects. A job that is asked for twice is done once, or found done.
 */
export class RemoteStages implements AsyncDisposable {
  private readonly options: RemoteStagesOptions;
  private readonly requester: Requester;
  /** One word for this training: who asks for it again takes up what waits. */
  private readonly run: string;
  private readonly progress: { unsubscribe(): void };
  private readonly watch: NodeJS.Timeout;
  /** Parts that several stages share, as lots of clips are, by what they are. */
  private readonly parts = new Map<string, Promise<void>>();
  private readonly reports = new Map<string, StageRun['report']>();
  private readonly taken = new Map<string, string>();
  private heard = performance.now();
  private waiting = 0;

  constructor(options: RemoteStagesOptions) {
    this.options = options;
    const { bus, answers, release, training, dataset, datasetName } = options;
    const digest = digestOf({ release, training, dataset });
    this.run = `t${digest.slice(0, 24)}`;
    this.requester = new Requester(bus, answers, this.run, {
      bundle: digest,
      datasetId: datasetName,
      producer: trainerProducer,
    });
    this.progress = bus.connection.subscribe(progressSubject(this.run), {
      callback: (error, message) => {
        if (error === null) this.onProgress(message.string());
      },
    });
    this.watch = setInterval(() => void this.lookForTrainers(), silenceMs);
    this.watch.unref();
  }

  /**
   * As `runStage`, by others: the parts of the stage first, then the stage.
   * @throws StageError STAGE_NEEDS; JOB_FAILED, TRAINER_DIFFERS
   */
  readonly runStage = async (artifacts: string, stage: Stage, run: StageRun): Promise<'done' | 'cached'> => {
    if ((await stageState(artifacts, stage)).lacks === undefined) return 'cached';
    const parts = (await stage.parts?.(run)) ?? [];
    let done = 0;
    await forEachConcurrently(parts, partsAtOnce, run.signal, async (part) => {
      const id = digestOf(part);
      const made = this.parts.get(id) ?? this.ask(stage, run.signal, part);
      this.parts.set(id, made);
      await made;
      run.report(++done / (parts.length + 1), `${done} of ${parts.length}`);
    });
    const share = parts.length === 0 ? 1 : 1 / (parts.length + 1);
    this.reports.set(stageId(stage), (fraction, note) => run.report(1 - share + share * fraction, note));
    try {
      await this.ask(stage, run.signal);
    } finally {
      this.reports.delete(stageId(stage));
    }
    await this.settle(artifacts, stage, run.signal);
    return 'done';
  };

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.watch);
    this.progress.unsubscribe();
    await this.requester[Symbol.asyncDispose]();
  }

  private async ask(stage: Stage, signal: AbortSignal, part?: unknown): Promise<void> {
    const { release, training, dataset, events } = this.options;
    const id = stageId(stage);
    const job = { training, dataset, stage: id, ...(part === undefined ? {} : { part }) } as TrainingJob;
    this.waiting += 1;
    const answer = await this.requester
      .ask(
        {
          stage: 'training',
          family: trainerFamily,
          part: trainerFamily,
          release,
          clipId: null,
          payload: { tensors: {}, files: {}, job },
          inputs: { stage: id, part: part ?? null },
          // What was done once may have been removed since.
          anew: true,
        },
        signal,
      )
      .finally(() => (this.waiting -= 1));
    this.heard = performance.now();
    const trainer = trainingAnswerSchema.safeParse(answer.payload).data?.trainer ?? 'a trainer';
    events?.onJob?.({ stage: id, part: part !== undefined, trainer, state: 'done' });
    if (answer.failure === null) return;
    const { code, message } = answer.failure;
    const lost =
      code === 'unanswered' ? 'every trainer that had it ended: see their logs, and the memory of their machines' : '';
    throw new StageError('JOB_FAILED', `training: ${id} failed on ${trainer}: ${message} [${code}]`, {
      hint: `${lost === '' ? 'mend what it says' : lost}; then run the same command again: what is finished stays`,
      fields: { stage: id, trainer, code },
    });
  }

  /** Waits until what a trainer left is seen here, and is what it must be. */
  private async settle(artifacts: string, stage: Stage, signal: AbortSignal): Promise<void> {
    for (const end = performance.now() + settleMs; ;) {
      const { lacks } = await stageState(artifacts, stage, { justMade: true });
      if (lacks === undefined) return;
      if (performance.now() > end) {
        throw new StageError('TRAINER_DIFFERS', `training: ${stageId(stage)} is done elsewhere, but here ${lacks}`, {
          hint: 'all machines must have the same folder under this path, and the same imported weights (--weights <folder below it>)',
        });
      }
      await sleep(settleLookMs, undefined, { signal });
    }
  }

  private onProgress(text: string): void {
    const progress = readProgress(text);
    if (progress === undefined) return;
    this.heard = performance.now();
    const { stage, part, trainer, fraction, note } = progress;
    const job = `${stage}${part ? ' part' : ''}`;
    if (this.taken.get(trainer) !== job) {
      this.taken.set(trainer, job);
      this.options.events?.onJob?.({ stage, part, trainer, state: 'taken' });
    }
    if (!part) this.reports.get(stage)?.(Math.min(1, Math.max(0, fraction)), `${trainer} ${note}`);
  }

  private async lookForTrainers(): Promise<void> {
    if (this.waiting === 0 || performance.now() - this.heard < silenceMs) return;
    const { bus, release, events } = this.options;
    if (!bus.connected) return events?.onTrouble?.('the broker is away: waiting for it');
    const found = await countTrainers(bus, release).catch(() => undefined);
    if (found?.own === 0) {
      events?.onTrouble?.(
        'no trainer answers any more; start one and it goes on: primatrix serve trainer --shared <folder>',
      );
    }
  }
}

function readProgress(text: string): TrainingProgress | undefined {
  try {
    return trainingProgressSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
