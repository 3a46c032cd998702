import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DurableLog } from '@primatrix/files';
import { readBundle, readRefitCard, removeRefitLeftovers, whyNoTraining, type RefitCard } from '@primatrix/prediction';
import type { Refit, RefitResult } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import { bundleSource, type OpenBundle } from '../prediction/source.ts';
import { refitEntrySchema, refitFolder, refitLogFile, type RefitEntry } from './refit-log.ts';
import type { RefitHandle } from './fork-refit.ts';
import type { FromRefit, RefitSettings } from './refit-messages.ts';
import { refitResult } from './refit-result.ts';
import type { ReviewProject } from '../project/review-project.ts';

export interface ProjectRefitOptions {
  readonly project: ReviewProject;
  /** The bundle that the pages were started with. */
  readonly given: OpenBundle;
  /** Folder of the training that it comes from. */
  readonly training: string;
  readonly start: (settings: Omit<RefitSettings, 'families' | 'threads' | 'device'>) => RefitHandle;
}

interface Running {
  readonly handle: RefitHandle;
  readonly entry: Omit<RefitEntry, 'seconds' | 'corrections' | 'state'>;
  stopped: boolean;
}

/** Fitting a project's second level again with what people said: at most one at a time, and what came of it until somebody decides. */
export class ProjectRefit implements AsyncDisposable {
  private readonly options: ProjectRefitOptions;
  private readonly log: DurableLog<RefitEntry>;
  private readonly entries: Map<number, RefitEntry>;
  private running: Running | undefined;
  private done = 0;
  private note = '';
  private trouble: string | null = null;
  private waiting: { readonly entry: RefitEntry; readonly result: RefitResult } | undefined;
  private keeping: Promise<void> = Promise.resolve();

  private constructor(options: ProjectRefitOptions, log: DurableLog<RefitEntry>, entries: Map<number, RefitEntry>) {
    this.options = options;
    this.log = log;
    this.entries = entries;
  }

  static async open(options: ProjectRefitOptions): Promise<ProjectRefit> {
    const entries = new Map<number, RefitEntry>();
    const log = await DurableLog.open(refitLogFile(options.project.folder), refitEntrySchema, (entry) =>
      entries.set(entry.number, entry),
    );
    const refit = new ProjectRefit(options, log, entries);
    const last = [...entries.values()].at(-1);
    if (last?.state === 'made' && last.of === options.given.digest) await refit.offer(last).catch(() => undefined);
    return refit;
  }

  describe(): Refit {
    const { project, training, given } = this.options;
    const missing = whyNoTraining(training);
    const used = [...this.entries.values()].filter(({ state, of }) => state === 'used' && of === given.digest).at(-1);
    const inUse =
      used !== undefined && bundleFolder(project) === refitFolder(project.folder, used.number)
        ? { at: used.at, corrections: used.corrections }
        : null;
    const { corrections, since, leftOut } = this.count(inUse?.at ?? '');
    const stage =
      this.running !== undefined
        ? 'running'
        : this.trouble !== null
          ? 'failed'
          : this.waiting !== undefined
            ? 'done'
            : 'idle';
    return {
      impossible:
        missing === undefined
          ? null
          : `${missing}. Start the pages with the bundle in the folder that primatrix train made, or train again.`,
      corrections,
      since,
      leftOut,
      stage,
      done: this.done,
      note: this.note,
      trouble: this.trouble,
      result: this.waiting?.result ?? null,
      inUse,
    };
  }

  /** Starts a re-fit with all that people have said so far. @throws HttpProblem 409 where one is running, 422 where it cannot be done */
  start(): Refit {
    const { project, given, training } = this.options;
    const { impossible, corrections } = this.describe();
    if (this.running !== undefined) throw new HttpProblem(409, 'REFIT_RUNNING', 'a re-fit is running');
    if (impossible !== null) throw new HttpProblem(422, 'REFIT_TRAINING', impossible);
    if (corrections === 0) {
      throw new HttpProblem(422, 'REFIT_NOTHING', 'there is no reviewed clip to learn from', {
        hint: 'review clips first',
      });
    }
    this.trouble = null;
    this.done = 0;
    this.note = '';
    const number = Math.max(0, ...this.entries.keys()) + 1;
    const handle = this.options.start({
      bundle: bundleFolder(project),
      training,
      project: project.folder,
      out: refitFolder(project.folder, number),
    });
    const running: Running = {
      handle,
      entry: { number, at: project.now().toISOString(), of: given.digest },
      stopped: false,
    };
    this.running = running;
    handle.onMessage((message) => (this.keeping = this.keeping.then(() => this.take(message, running))));
    handle.onExit(() => void (this.keeping = this.keeping.then(() => this.exited(running))));
    return this.describe();
  }

  /** Stops what runs; nothing of it is left. */
  async stop(): Promise<Refit> {
    const { running } = this;
    if (running !== undefined) {
      running.stopped = true;
      await running.handle.stop();
      await this.keeping;
    }
    this.trouble = null;
    return this.describe();
  }

  /** Predicts with the re-fit from now on. @throws HttpProblem 409 where none waits; BundleError where its bundle is damaged */
  async use(): Promise<Refit> {
    const { entry } = this.mustWait();
    const folder = refitFolder(this.options.project.folder, entry.number);
    const bundle = { folder, ...(await readBundle(folder)) };
    await this.keep({ ...entry, state: 'used' });
    await this.options.project.useSource(bundleSource(bundle));
    return this.describe();
  }

  /** Removes the re-fit: what predicted before stays. @throws HttpProblem 409 where none waits */
  async drop(): Promise<Refit> {
    const { entry } = this.mustWait();
    await this.keep({ ...entry, state: 'dropped' });
    await rm(refitFolder(this.options.project.folder, entry.number), { recursive: true, force: true });
    return this.describe();
  }

  private mustWait() {
    const { waiting } = this;
    if (waiting === undefined || this.running !== undefined) {
      throw new HttpProblem(409, 'REFIT_NONE', 'there is no re-fit to decide about');
    }
    return waiting;
  }

  private async keep(entry: RefitEntry): Promise<void> {
    this.waiting = undefined;
    await this.log.append([entry]);
    this.entries.set(entry.number, entry);
  }

  private async take(message: FromRefit, running: Running): Promise<void> {
    if (message.type === 'progress') {
      this.done = message.done;
      this.note = message.note;
    } else if (message.type === 'failed') {
      if (!running.stopped) this.trouble = message.message;
    } else {
      const { card, seconds } = message;
      await this.replaceWaiting(card, {
        ...running.entry,
        seconds,
        corrections: card.corrections.reviewed + card.corrections.relabelled,
        state: 'made',
      });
    }
  }

  /** A newer re-fit takes the place of one that nobody decided about. */
  private async replaceWaiting(card: RefitCard, entry: RefitEntry): Promise<void> {
    const before = this.waiting;
    await this.log.append([entry]);
    this.entries.set(entry.number, entry);
    this.waiting = { entry, result: refitResult(card, entry) };
    if (before !== undefined) {
      await rm(refitFolder(this.options.project.folder, before.entry.number), { recursive: true, force: true });
    }
  }

  private async exited(running: Running): Promise<void> {
    if (this.running !== running) return;
    this.running = undefined;
    const made = this.waiting?.entry.number === running.entry.number;
    const out = refitFolder(this.options.project.folder, running.entry.number);
    if (!made) await removeRefitLeftovers(out);
    if (!made && !running.stopped) {
      this.trouble ??= 'the process that fits ended before it was done; the bundle of before stays in use';
    }
  }

  /** Offers a re-fit of an earlier start of the pages. */
  private async offer(entry: RefitEntry): Promise<void> {
    const folder = refitFolder(this.options.project.folder, entry.number);
    if (!existsSync(folder)) return;
    const card = await readRefitCard(folder, (await readBundle(folder)).manifest);
    if (card !== undefined) this.waiting = { entry, result: refitResult(card, entry) };
  }

  private count(since: string): Pick<Refit, 'corrections' | 'since' | 'leftOut'> {
    const { table } = this.options.project;
    const known = new Set(table.classes);
    const leftOut = { unsure: 0, unknown: 0, unread: 0 };
    let [corrections, fresh] = [0, 0];
    for (const { review, state } of table.rows()) {
      if (review === null) continue;
      if (review.decision === 'unsure') leftOut.unsure += 1;
      else if (review.species.some((name) => !known.has(name))) leftOut.unknown += 1;
      else if (state === 'waiting' || state === 'failed') leftOut.unread += 1;
      else {
        corrections += 1;
        if (review.at > since) fresh += 1;
      }
    }
    return { corrections, since: fresh, leftOut };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running !== undefined) await this.stop();
    await this.keeping;
    await this.log[Symbol.asyncDispose]();
  }
}

/** Of the bundle that predicts now; empty where models do. */
function bundleFolder({ source: { place } }: ReviewProject): string {
  return 'bundle' in place ? place.bundle : '';
}
