import type { ClipOutcome } from '@primatrix/contracts';
import type { FamilyProgress, Progress } from '@primatrix/review-api';
import { forkChild, type ChildHandle } from '@primatrix/child-process';
import { FamilyCosts } from './family-costs.ts';
import type { FromWorker, ToWorker, WorkerClip, WorkerPrediction, WorkerSettings } from './worker-messages.ts';

/** What is done with what comes of prediction. */
export interface PredictionSink {
  /** Clips that have been predicted. */
  known(): readonly WorkerClip[];
  provisional(message: Extract<FromWorker, { type: 'provisional' }>): void;
  /** Settles once the predictions are kept. */
  predicted(predictions: readonly WorkerPrediction[]): Promise<void>;
  /** A clip at which the predicting process died again and again. */
  lost(id: string, outcome: ClipOutcome): Promise<void>;
  changed(): void;
}

/** What predicts, in a process of its own. */
export type WorkerHandle = ChildHandle<FromWorker, ToWorker>;

/** How often the process may die at one clip. */
const tries = 2;
/** Clips by which the time left is estimated. */
const recent = 20;

/** A clip on its way. */
interface Waiting {
  readonly clip: WorkerClip;
  /** Request that it was last asked for with. */
  readonly round: number;
  /** Only what stands beside it has changed: the nets have looked at it before. */
  readonly weighOnly: boolean;
  looked: boolean;
}

/** Clips that wait for prediction, the process that predicts them, and how far it is. */
export class PredictionRun {
  private readonly start: (alone: boolean) => WorkerHandle;
  private readonly sink: PredictionSink;
  private readonly costs: FamilyCosts;
  private readonly waiting = new Map<string, Waiting>();
  private readonly deaths = new Map<string, number>();
  private readonly seconds: number[] = [];
  private worker: WorkerHandle | undefined;
  private closing = false;
  /** A process died with several clips under way: from then on one at a time, which tells at which it dies. */
  private alone = false;
  private keeping: Promise<void> = Promise.resolve();
  /** Clips that are being looked at, the longest first. */
  private readonly underWay = new Set<string>();
  private round = 0;
  private stage: Progress['stage'] = 'idle';
  private trouble: string | null = null;
  private waitsFor: string | null = null;
  warnings: readonly string[] = [];

  /**
   * @param start a process; `alone` where it is to look at one clip at a time
   * @param families of the bundle
   */
  constructor(
    start: (alone: boolean) => WorkerHandle,
    sink: PredictionSink,
    families: readonly Pick<FamilyProgress, 'family' | 'part'>[] = [],
  ) {
    this.start = start;
    this.sink = sink;
    this.costs = new FamilyCosts(families);
  }

  /** How far it is. @param total clips of the project */
  progress(total: number): Omit<Progress, 'failed' | 'version'> {
    const { stage, waitsFor, trouble, seconds, costs } = this;
    const [current] = this.underWay;
    let left = 0;
    for (const { looked, weighOnly } of this.waiting.values()) left += Number(!looked && !weighOnly);
    const mean = seconds.length === 0 ? null : seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
    const done = Math.max(0, total - left);
    return {
      stage,
      waitsFor,
      trouble,
      total,
      done,
      current: current === undefined ? null : (this.waiting.get(current)?.clip.file.filename ?? null),
      families: costs.progress(done, Math.max(0, total - this.waiting.size)),
      clipsAMinute: stage === 'nets' && mean !== null && mean > 0 && left > 0 ? 60 / mean : null,
      secondsLeft:
        stage === 'idle' || stage === 'stopped' || (left > 0 && mean === null)
          ? null
          : left * (mean ?? 0) + this.waiting.size * (costs.secondLevelSeconds ?? 0),
    };
  }

  /**
   * Adds clips; the process is started when there are any.
   * @param weighOnly only the second level is to look at them again
   */
  add(clips: readonly WorkerClip[], { weighOnly = false } = {}): void {
    if (clips.length === 0) return;
    const round = ++this.round;
    for (const clip of clips) {
      this.deaths.delete(clip.id);
      const before = this.waiting.get(clip.id);
      // What waits for the nets goes on waiting for them.
      this.waiting.set(
        clip.id,
        weighOnly && before?.weighOnly === false ? { ...before, round } : { clip, round, weighOnly, looked: false },
      );
    }
    // While it is stopping, clips wait for the one that comes after.
    if (this.worker === undefined && !this.closing) this.startWorker();
    else this.worker?.send({ type: 'predict', round, clips });
    this.sink.changed();
  }

  /** Stops what runs, lets `change` exchange what it depends on, and has the second level look again at these clips, and at those that wait. */
  async restart(clips: readonly WorkerClip[], change: () => Promise<void>): Promise<void> {
    this.closing = true;
    await this.worker?.stop();
    await this.keeping;
    await change();
    this.closing = false;
    this.worker = undefined;
    this.underWay.clear();
    const round = ++this.round;
    for (const clip of clips) {
      if (!this.waiting.has(clip.id)) {
        this.waiting.set(clip.id, { clip: { ...clip, fromRecord: true }, round, weighOnly: true, looked: false });
      }
    }
    if (this.waiting.size > 0) this.startWorker();
    this.sink.changed();
  }

  /** Takes clips out: nothing more is done for them, and they stand beside no other. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.waiting.delete(id);
    this.worker?.send({ type: 'forget', ids });
    this.sink.changed();
  }

  private startWorker(): void {
    const worker = (this.worker = this.start(this.alone));
    this.stage = 'starting';
    this.trouble = this.waitsFor = null;
    this.costs.nextClip();
    for (const wait of this.waiting.values()) wait.looked = false;
    // What a worker of before still had to say is of another bundle.
    worker.onMessage((message) => this.worker === worker && this.take(message));
    worker.onExit(() => void (this.worker === worker && this.exited()));
    worker.send({
      type: 'predict',
      round: this.round,
      clips: [...this.waiting.values()].map(({ clip }) => clip),
      known: this.sink.known(),
    });
  }

  private take(message: FromWorker): void {
    if (message.type === 'ready') this.warnings = message.warnings;
    else if (message.type === 'waits') this.waitsFor = message.what;
    else if (message.type === 'starts') {
      this.stage = 'nets';
      this.trouble = null;
      this.underWay.add(message.id);
      this.costs.nextClip();
    } else if (message.type === 'stage') this.costs.take(message);
    else if (message.type === 'provisional') this.looked(message);
    else if (message.type === 'ensemble') this.stage = 'ensemble';
    else if (message.type === 'weighed') this.costs.weighed(message.clips, message.seconds);
    else if (message.type === 'predictions') {
      const { round } = message;
      // What was asked for again since is predicted again: what is known now has been overtaken.
      const fresh = message.predictions.filter(({ id }) => (this.waiting.get(id)?.round ?? 0) <= round);
      this.keeping = this.keeping
        .then(() => this.sink.predicted(fresh))
        .then(
          () => this.forget(fresh, round),
          (error: Error) => this.fail(error.message),
        );
    } else if (message.type === 'idle') {
      void this.keeping.then(() => {
        if (this.waiting.size === 0) this.stage = 'idle';
        this.sink.changed();
      });
    } else {
      this.fail(message.message);
    }
    this.sink.changed();
  }

  private looked(message: Extract<FromWorker, { type: 'provisional' }>): void {
    const wait = this.waiting.get(message.id);
    this.underWay.delete(message.id);
    this.costs.nextClip();
    if (message.seconds !== null) this.seconds.push(message.seconds);
    if (this.seconds.length > recent) this.seconds.shift();
    if (wait === undefined) return;
    wait.looked = true;
    if (!wait.weighOnly) this.sink.provisional(message);
  }

  private forget(predictions: readonly WorkerPrediction[], round: number): void {
    for (const { id } of predictions) if ((this.waiting.get(id)?.round ?? Infinity) <= round) this.waiting.delete(id);
    this.sink.changed();
  }

  private fail(message: string): void {
    this.stage = 'stopped';
    this.trouble = message;
    this.underWay.clear();
    this.sink.changed();
  }

  /** The process has died: what it was at is tried again, but not for ever. */
  private async exited(): Promise<void> {
    const { closing } = this;
    this.worker = undefined;
    await this.keeping;
    if (closing || this.stage === 'stopped' || this.waiting.size === 0) return;
    const [culprit, ...others] = this.underWay;
    this.underWay.clear();
    if (others.length > 0 && !this.alone) {
      this.alone = true;
      this.startWorker();
      return this.sink.changed();
    }
    if (culprit === undefined) return this.fail('the predicting process ended; restart to go on: nothing is lost');
    const deaths = (this.deaths.get(culprit) ?? 0) + 1;
    this.deaths.set(culprit, deaths);
    if (deaths >= tries && this.waiting.delete(culprit)) {
      await this.sink.lost(culprit, {
        status: 'failed',
        fault: 'internal',
        reason: `the predicting process died ${tries} times at this clip`,
        framesDecoded: 0,
        framesExpected: null,
      });
    }
    if (this.waiting.size > 0) this.startWorker();
    else this.stage = 'idle';
    this.sink.changed();
  }

  /** Stops; clips that wait are predicted after the next start. */
  async close(): Promise<void> {
    this.closing = true;
    await this.worker?.stop();
    await this.keeping;
  }
}

/** Starts the predicting process. */
export function forkWorker(settings: WorkerSettings): WorkerHandle {
  // A decoder may take a while to notice that it is to end.
  const options = { settings, patienceMs: 5000, serialization: 'advanced' } as const;
  return forkChild(new URL('./worker-process.js', import.meta.url), options);
}
