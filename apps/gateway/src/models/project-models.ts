import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DurableLog } from '@primatrix/files';
import { readLabels } from '@primatrix/dataset';
import type { OwnModel, OwnModels, SourceChoice, TrainingEffort } from '@primatrix/review-api';
import { tablesOf } from '../exports/project-tables.ts';
import { writeProjectDataset } from '../exports/write-project-dataset.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { ReviewProject } from '../project/review-project.ts';
import {
  modelEntrySchema,
  modelLogFile,
  modelPlaces,
  sameChoice,
  type ModelEntry,
  type StartedEntry,
} from './model-log.ts';
import { RunningTraining } from './running-training.ts';
import { adviceFor, foldsFor, lackText, learnable, trainingClips, whyTooFew } from './training-clips.ts';
import type { TrainHandle, TrainSettings } from './train-messages.ts';

/** What {@link ProjectModels} is opened with. */
export interface ProjectModelsOptions {
  readonly project: ReviewProject;
  /** What the project was opened with. */
  readonly choice: SourceChoice;
  /** Models that go into a training: those that predict, and an encoder where there is one. */
  readonly models: readonly string[];
  readonly start: (settings: TrainSettings) => TrainHandle;
  /** Opens the project with another model; called once that is on the disk. */
  readonly reopen: () => void;
}

/**
 * The models of a project: training one from what people decided, in a process of its own, and choosing which of them
 * predicts. What was begun is gone on with at the next start; what predicts changes only when somebody says so.
 */
export class ProjectModels implements AsyncDisposable {
  private readonly options: ProjectModelsOptions;
  private readonly log: DurableLog<ModelEntry>;
  private readonly started = new Map<number, StartedEntry>();
  private readonly ended = new Map<number, Extract<ModelEntry, { type: 'ended' }>>();
  private used = 0;
  private readonly serving: number;
  private running: RunningTraining | undefined;
  private trouble: string | null = null;
  private closing = false;
  private keeping: Promise<void> = Promise.resolve();

  private constructor(options: ProjectModelsOptions, log: DurableLog<ModelEntry>, entries: readonly ModelEntry[]) {
    this.options = options;
    this.log = log;
    for (const entry of entries) this.take(entry);
    this.serving = this.used;
  }

  static async open(options: ProjectModelsOptions): Promise<ProjectModels> {
    const entries: ModelEntry[] = [];
    const log = await DurableLog.open(modelLogFile(options.project.folder), modelEntrySchema, (entry) =>
      entries.push(entry),
    );
    const models = new ProjectModels(options, log, entries);
    const last = [...models.started.values()].at(-1);
    // The dataset's labels are written last: without them the training never began.
    if (last !== undefined && !models.ended.has(last.number) && existsSync(models.places(last.number).labels)) {
      models.run(last);
    }
    return models;
  }

  describe(): OwnModels {
    const clips = trainingClips(this.options.project.table.rows());
    const why = whyTooFew(clips);
    const { running } = this;
    return {
      impossible: why,
      clips,
      advice: adviceFor(clips),
      stage: running !== undefined ? 'running' : this.trouble !== null ? 'failed' : 'idle',
      ...(running?.progress() ?? { done: 0, at: '', stages: { done: 0, all: 0 }, secondsLeft: null }),
      trouble: this.trouble,
      serving: this.serving,
      models: [...this.made().reverse(), this.given()],
    };
  }

  /** Trains a model from all that people have decided so far. @throws HttpProblem 409 where one is running, 422 where there is too little to learn from */
  async train(effort: TrainingEffort): Promise<OwnModels> {
    const { project, models } = this.options;
    if (this.running !== undefined) throw new HttpProblem(409, 'MODEL_RUNNING', 'a training is running');
    const learned = trainingClips(project.table.rows());
    const why = whyTooFew(learned);
    if (why !== null) throw new HttpProblem(422, 'MODEL_LABELS', lackText(why, learned), { hint: 'review more clips' });
    const number = Math.max(0, ...this.started.keys()) + 1;
    const { folds, by } = foldsFor(learned);
    const entry: StartedEntry = {
      ...{ type: 'started', number, effort, folds, models: [...models], by, learned },
      at: project.now().toISOString(),
      before: await this.before(),
    };
    const rows = [...learnable(project.table.rows())];
    // Of one site nothing can be left out by site.
    const tables = tablesOf(by === 'site' ? rows : rows.map((row) => ({ ...row, site: null })));
    // Another request may have come first while this one read.
    if (this.running !== undefined) throw new HttpProblem(409, 'MODEL_RUNNING', 'a training is running');
    this.trouble = null;
    const running = this.run(entry, () => this.begin(entry, tables));
    await running.begun;
    return this.describe();
  }

  /** Stops what runs; the next training begins anew. */
  async stop(): Promise<OwnModels> {
    const { running } = this;
    if (running !== undefined) {
      await running.stop();
      await this.keeping;
      if (!this.ended.has(running.number)) {
        await this.keep({ type: 'ended', number: running.number, score: null, trouble: null });
      }
    }
    this.trouble = null;
    return this.describe();
  }

  /**
   * Predicts with a model from now on: it is on the disk before the project is opened with it.
   * @throws HttpProblem 404 where there is no such model, 409 where a training runs
   */
  async use(number: number): Promise<OwnModels> {
    const { project, choice, reopen } = this.options;
    if (number > 0 && this.ended.get(number)?.score == null) {
      throw new HttpProblem(404, 'MODEL_NONE', `there is no model ${number} of this project`);
    }
    if (this.running !== undefined) {
      throw new HttpProblem(409, 'MODEL_RUNNING', 'a training is running', { hint: 'wait for it, or stop it' });
    }
    if (number !== this.used) {
      await this.keep({ type: 'used', number, at: project.now().toISOString(), of: choice });
      reopen();
    }
    return this.describe();
  }

  /** The report of a model. @throws HttpProblem 404 */
  report(number: number): string {
    const { report } = this.places(number);
    if (this.ended.get(number)?.score == null || !existsSync(report)) {
      throw new HttpProblem(404, 'MODEL_NONE', 'there is no report of this model');
    }
    return report;
  }

  private run(entry: StartedEntry, prepare: () => Promise<void> = () => Promise.resolve()): RunningTraining {
    const { dataset, artifacts } = this.places(entry.number);
    const { effort, folds, models } = entry;
    const running = new RunningTraining(entry.number, {
      prepare,
      start: () => this.options.start({ dataset, artifacts, effort, folds, models }),
      now: () => this.options.project.now().getTime(),
      onEnd: (end) => (this.keeping = this.keeping.then(() => this.finish(entry, running, end))),
    });
    this.running = running;
    return running;
  }

  private async begin(entry: StartedEntry, tables: ReturnType<typeof tablesOf>): Promise<void> {
    await this.keep(entry);
    await writeProjectDataset(this.places(entry.number).dataset, tables);
  }

  private async finish(entry: StartedEntry, running: RunningTraining, end: RunningTraining['end']): Promise<void> {
    const { number, by, before } = entry;
    if (end.state === 'done') {
      const { clips, accuracy, logLoss, standardError } = end.score;
      const score = {
        ...{ clips, by, before },
        accuracy: { value: accuracy, error: standardError.accuracy },
        logLoss: { value: logLoss, error: standardError.logLoss },
      };
      await this.keep({ type: 'ended', number, score, trouble: null });
    } else if (end.state === 'failed' && !this.closing) {
      this.trouble = end.message;
      await this.keep({ type: 'ended', number, score: null, trouble: end.message });
    }
    if (this.running === running) this.running = undefined;
  }

  /** What the model in use has right of the clips that it did not learn from, as far as it knows what they show. */
  private async before(): Promise<StartedEntry['before']> {
    const { table } = this.options.project;
    const known = new Set(table.classes);
    const learned =
      this.used === 0 ? new Set<string>() : new Set((await readLabels(this.places(this.used).labels)).filenames);
    let [clips, right] = [0, 0];
    for (const { filename, review, top, state } of learnable(table.rows())) {
      if (state !== 'predicted' || top < 0 || learned.has(filename)) continue;
      if (!review.species.every((name) => known.has(name))) continue;
      clips += 1;
      right += Number(review.species.includes(table.classes[top] ?? ''));
    }
    return clips === 0 ? null : { clips, right };
  }

  private made(): OwnModel[] {
    return [...this.started.values()].flatMap(({ number, at, learned }) => {
      const score = this.ended.get(number)?.score;
      return score == null
        ? []
        : [{ number, name: `Model ${number}`, at, learned, score, inUse: number === this.used }];
    });
  }

  private given(): OwnModel {
    const { choice } = this.options;
    const name = 'bundle' in choice ? bundleName(choice.bundle) : choice.models.map((one) => basename(one)).join(' + ');
    return { number: 0, name, at: null, learned: null, score: null, inUse: this.used === 0 };
  }

  private places(number: number) {
    return modelPlaces(this.options.project.folder, number);
  }

  private async keep(entry: ModelEntry): Promise<void> {
    await this.log.append([entry]);
    this.take(entry);
  }

  private take(entry: ModelEntry): void {
    if (entry.type === 'started') this.started.set(entry.number, entry);
    else if (entry.type === 'ended') this.ended.set(entry.number, entry);
    else if (sameChoice(entry.of, this.options.choice)) this.used = entry.number;
  }

  /** A training that runs is gone on with at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closing = true;
    await this.running?.stop();
    await this.keeping;
    await this.log[Symbol.asyncDispose]();
  }
}

/** `artifacts/sample/bundle` → `sample`: what people call it is the training. */
function bundleName(folder: string): string {
  return basename(folder) === 'bundle' ? basename(dirname(folder)) : basename(folder);
}
